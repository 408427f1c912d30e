// A sandbox as a process of its own: `node packages/sandbox/src/main.ts --vendor stripe --port 0`. Prints one JSON line with its address
// and its fake keys, and serves until SIGTERM or SIGINT. Tests that kill the product ask it on /_sandbox what really happened.

import { parseArgs } from "node:util";
import { startResendSandbox } from "./resend/server.ts";
import type { Sandbox, SandboxOptions } from "./shared/sandbox.ts";
import { startStripeSandbox } from "./stripe/server.ts";
import { startTwilioSandbox } from "./twilio/server.ts";

const STARTS: Readonly<Record<string, ((options: SandboxOptions) => Promise<Sandbox>) | undefined>> = {
  resend: startResendSandbox,
  stripe: startStripeSandbox,
  twilio: startTwilioSandbox,
};

const { values } = parseArgs({
  options: {
    vendor: { type: "string", default: "stripe" },
    port: { type: "string", default: "0" },
    host: { type: "string", default: "127.0.0.1" },
    seed: { type: "string" },
    "record-requests": { type: "string" },
    compress: { type: "boolean", default: false },
    gullible: { type: "boolean", default: false },
  },
});

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} takes a whole number, not ${JSON.stringify(text)}\n`);
  process.exit(2);
}

const start = STARTS[values.vendor];
if (start === undefined) {
  process.stderr.write(`--vendor is one of ${Object.keys(STARTS).join(", ")}, not ${JSON.stringify(values.vendor)}\n`);
  process.exit(2);
}
const record = values["record-requests"];
const sandbox = await start({
  port: wholeNumber("port", values.port),
  host: values.host,
  compress: values.compress,
  gullible: values.gullible,
  ...(values.seed === undefined ? {} : { seed: wholeNumber("seed", values.seed) }),
  ...(record === undefined ? {} : { recordRequests: wholeNumber("record-requests", record) }),
});

const { url, port, secretKey } = sandbox;
const publishableKey = "publishableKey" in sandbox ? { publishableKey: sandbox.publishableKey } : {};
process.stdout.write(`${JSON.stringify({ sandbox: values.vendor, url, port, secretKey, ...publishableKey })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    void sandbox.close();
  });
}
