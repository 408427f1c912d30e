/** `keybrake operations`: what the vendors publish, how Keybrake classes it, and what an allowlist can name. */
import type { OperationAnswer } from "@keybrake/client";
import type { Command } from "commander";
import { connect } from "../connection.ts";
import { json, remark, say, table, type Column } from "../terminal.ts";

interface OperationsOptions {
  readonly vendor?: string;
  readonly class?: OperationAnswer["class"];
  readonly search?: string;
  readonly json?: boolean;
}

const COLUMNS: readonly Column<OperationAnswer>[] = [
  { title: "VENDOR", value: (each) => each.vendor, narrow: "left out" },
  { title: "OPERATION", value: (each) => each.operation, narrow: "cut" },
  { title: "CLASS", value: (each) => each.class },
  { title: "DIRECTIONS", value: (each) => each.directions.join(", ") || "-", narrow: "left out" },
  { title: "METHOD", value: (each) => each.method },
  { title: "PATH", value: (each) => each.path, narrow: "cut" },
  { title: "WHY", value: (each) => each.reason ?? "", narrow: "left out" },
];

export function operationsCommand(program: Command): void {
  program
    .command("operations")
    .description("the operations that Keybrake knows, their class, and the names and paths that an allowlist takes")
    .option("--vendor <vendor>")
    .option("--class <class>", "read, free, money, unbounded, secret-bearing")
    .option("--search <text>", "only those with these words in their name, method, path or reason")
    .option("--json", "the answer as JSON")
    .action(async (options: OperationsOptions) => {
      const answer = await connect().listOperations({ vendor: options.vendor, class: options.class });
      const words = (options.search ?? "")
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== "");
      const found = answer.data.filter((each) => words.every((word) => textOf(each).includes(word)));
      if (options.json === true) return say(json(found));
      if (found.length === 0) return remark("No operations match.");
      say(table(COLUMNS, found));
      remark(summary(found));
    });
}

function textOf({ operation, method, path, reason }: OperationAnswer): string {
  return `${operation} ${method} ${path} ${reason ?? ""}`.toLowerCase();
}

/** `150 operations: 52 read, 80 free, 18 money.` */
function summary(found: readonly OperationAnswer[]): string {
  const counts = new Map<string, number>();
  for (const each of found) counts.set(each.class, (counts.get(each.class) ?? 0) + 1);
  const classes = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  return `${found.length} ${found.length === 1 ? "operation" : "operations"}: ${classes}.`;
}
