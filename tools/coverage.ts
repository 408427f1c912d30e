/**
 * `node tools/coverage.ts`: how many of each vendor's published operations have a class, and which class. Exits with 1 when one
 * has none, or when a table has one that nobody publishes.
 */
import { OPERATION_CLASSES } from "../packages/core/src/index.ts";
import type { OperationTable } from "../packages/core/src/index.ts";
import { operations as resend } from "../packages/vendors/src/resend/operations.ts";
import { operations as stripe } from "../packages/vendors/src/stripe/operations.ts";
import { operations as twilio } from "../packages/vendors/src/twilio/operations.ts";
import { coverageOf, coverageProblem } from "./published/published.ts";
import type { PublishedOperation } from "./published/published.ts";
import { publishedResend } from "./published/resend.ts";
import { publishedStripe } from "./published/stripe.ts";
import { publishedTwilioRows } from "./published/twilio.ts";

interface Row {
  readonly vendor: string;
  readonly operations: OperationTable;
  readonly published: readonly PublishedOperation[];
}

const VENDORS: readonly Row[] = [
  { vendor: "stripe", operations: stripe, published: publishedStripe() },
  { vendor: "twilio", operations: twilio, published: publishedTwilioRows() },
  { vendor: "resend", operations: resend, published: await publishedResend() },
];

const lines: (readonly (string | number)[])[] = [["vendor", "published", "classified", ...OPERATION_CLASSES]];
const problems: string[] = [];
for (const { vendor, operations, published } of VENDORS) {
  const coverage = coverageOf(operations, published);
  const counts = OPERATION_CLASSES.map((each) => operations.operations.filter((one) => one.class === each).length);
  lines.push([vendor, published.length, published.length - coverage.missing.length, ...counts]);
  const problem = coverageProblem(vendor, coverage);
  if (problem !== null) problems.push(problem);
}

const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)));
for (const line of lines) console.log(line.map((cell, column) => String(cell).padEnd(widths[column] ?? 0)).join("  "));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
