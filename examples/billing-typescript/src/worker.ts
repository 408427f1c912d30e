/** Runs the workflow and its activities until SIGINT or SIGTERM (the SDK's runtime listens for both). */
import { fileURLToPath } from "node:url";
import { NativeConnection, Worker } from "@temporalio/worker";
import * as activities from "./activities.ts";
import { TASK_QUEUE } from "./shared.ts";

async function run(): Promise<void> {
  if (!process.env["KEYBRAKE_API_KEY"]) {
    throw new Error("KEYBRAKE_API_KEY is not set: an API key with the scope `issue` is needed (see README.md).");
  }
  const connection = await NativeConnection.connect({ address: process.env["TEMPORAL_ADDRESS"] ?? "localhost:7233" });
  try {
    const worker = await Worker.create({
      connection,
      namespace: process.env["TEMPORAL_NAMESPACE"] ?? "default",
      taskQueue: TASK_QUEUE,
      workflowsPath: fileURLToPath(new URL("./workflows.ts", import.meta.url)),
      activities,
    });
    console.log(`Worker polls ${TASK_QUEUE}`);
    await worker.run();
  } finally {
    await connection.close();
  }
}

run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
