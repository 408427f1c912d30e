/** Starts one billing run and prints its report as JSON. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Client, Connection, WorkflowFailedError } from "@temporalio/client";
import { TASK_QUEUE } from "./shared.ts";
import type { BillingParams, Invoice } from "./shared.ts";
import type { BillingWorkflow } from "./workflows.ts";

const USAGE = `Usage: node src/client.ts [--budget 500] [--invoices invoices.json] [--repeat 1] [--customer cus_...]
                          [--seconds-between 0] [--workflow-id billing-...]

  --budget   dollars this run may charge
  --repeat   charge the list this many times: the bug to be stopped`;

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      budget: { type: "string", default: "500" },
      invoices: { type: "string" },
      repeat: { type: "string", default: "1" },
      customer: { type: "string" },
      "seconds-between": { type: "string", default: "0" },
      "workflow-id": { type: "string", default: `billing-${randomUUID()}` },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const file = values.invoices ?? new URL("../invoices.json", import.meta.url);
  const list: Invoice[] = JSON.parse(await readFile(file, "utf8")); // the sample's own file; the workflow checks amounts
  const params: BillingParams = {
    budget_usd: values.budget,
    invoices: Array.from({ length: Number(values.repeat) }, () => list).flat(),
    customer_id: values.customer,
    seconds_between_charges: Number(values["seconds-between"]),
  };

  const connection = await Connection.connect({ address: process.env["TEMPORAL_ADDRESS"] ?? "localhost:7233" });
  try {
    const client = new Client({ connection, namespace: process.env["TEMPORAL_NAMESPACE"] ?? "default" });
    const handle = await client.workflow.start<typeof BillingWorkflow>("BillingWorkflow", {
      args: [params],
      workflowId: values["workflow-id"],
      taskQueue: TASK_QUEUE,
    });
    console.error(`Started ${handle.workflowId} (run ${handle.firstExecutionRunId})`);
    console.log(JSON.stringify(await handle.result(), null, 2));
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    console.error(`${values["workflow-id"]} did not finish: ${innermost(error).message}`);
    process.exitCode = 1;
  } finally {
    await connection.close();
  }
}

/** The failure of a workflow wraps that of an activity, which wraps what went wrong. */
function innermost(error: Error): Error {
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
