/** `keybrake audit`: what was called, what it cost, and the proof that nobody has changed the record. */
import { setTimeout as wait } from "node:timers/promises";
import { KeybrakeApiError, type AuditRowAnswer, type CallListQuery, type Client } from "@keybrake/client";
import type { Command } from "commander";
import { connect, dataDirectory } from "../connection.ts";
import { UserProblem } from "../problems.ts";
import { sentenceOf } from "../sentence.ts";
import { dollars, growingTable, json, progress, remark, say, shown, table, type Column } from "../terminal.ts";
import { modeOf } from "./keys.ts";

interface FilterOptions {
  readonly label?: string;
  readonly labelPrefix?: string;
  readonly key?: string;
  readonly vendor?: string;
  readonly verdict?: AuditRowAnswer["verdict"];
  readonly outcome?: AuditRowAnswer["outcome"];
  readonly workflowId?: string;
  readonly runId?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
  readonly json?: boolean;
}

/** How often `tail` asks. */
const TAIL_MS = 1_000;
/** Rows that one question of `tail` may bring; more than that in a second are fetched by the next pages. */
const TAIL_PAGE = 200;

export const CALL_COLUMNS: readonly Column<AuditRowAnswer>[] = [
  { title: "TIME", value: (row) => row.time },
  { title: "LABEL", value: (row) => row.agent_run_label ?? "-", narrow: "cut" },
  { title: "OPERATION", value: (row) => row.operation ?? `${row.method} ${row.path}`, narrow: "cut" },
  { title: "MODE", value: (row) => (row.livemode === null ? "-" : modeOf(row)) },
  {
    title: "VERDICT",
    value: (row) =>
      row.verdict === "allowed"
        ? { text: "allowed", style: "green" }
        : { text: row.refusal ?? "refused", style: "red" },
    narrow: "cut",
  },
  { title: "WORST CASE", value: (row) => dollars(row.estimate_usd), align: "right", narrow: "left out" },
  { title: "COST", value: (row) => (row.cost_usd === null ? "unknown" : dollars(row.cost_usd)), align: "right" },
  { title: "OUTCOME", value: (row) => (row.replayed ? "replayed" : row.outcome), narrow: "left out" },
  { title: "HTTP", value: (row) => String(row.http_status ?? "-"), align: "right", narrow: "left out" },
  { title: "MS", value: (row) => String(row.latency_ms ?? "-"), align: "right", narrow: "left out" },
  { title: "CALL", value: (row) => row.call_id, narrow: "left out" },
];

export function auditCommand(program: Command): void {
  const audit = program.command("audit").description("list, follow, verify and rebuild the record of every call");

  filters(audit.command("list").description("the newest calls first"))
    .option("--limit <n>", "how many at most", "50")
    .option("--json", "the answer as JSON")
    .action(async (options: FilterOptions) => {
      const query = queryOf(options);
      const answer = await connect().listCalls({ ...query, limit: Number(options.limit) });
      if (options.json === true) return say(json(answer.data));
      if (answer.data.length === 0) {
        const isFiltered = Object.values(query).some((each) => each !== undefined);
        return remark(isFiltered ? "No calls match." : "No calls yet.");
      }
      say(table(CALL_COLUMNS, answer.data));
      if (answer.next_cursor !== null) remark("There are more: raise --limit, or narrow it with --from and --to.");
    });

  filters(audit.command("tail").description("calls as they come, until you stop it"))
    .option("--json", "one JSON object a line")
    .action(async (options: FilterOptions) => {
      await tail(options);
    });

  audit
    .command("verify")
    .description("prove the hash chain of the journal in the data directory; works beside a running server")
    .option("--json", "the answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const { verifyAudit } = await import("@keybrake/server");
      const line = progress();
      const result = await verifyAudit(dataDirectory(), (done, all) => {
        if (options.json !== true) line.update(`${done} of ${all} flushes`);
      });
      if (options.json === true) say(json(result));
      if (result.problem !== null)
        throw new UserProblem(
          `The chain is broken at position ${result.problem.position}${result.problem.callId === null ? "" : ` (${result.problem.callId})`}: ${result.problem.why}`,
        );
      if (options.json === true) return;
      line.done(`The chain is whole: ${result.entries} entries in ${result.flushes} flushes.`);
      say(`head ${result.head}`);
    });

  audit
    .command("rebuild")
    .description("make the query tables again from the journal; the server must be stopped")
    .action(async () => {
      const { rebuildAudit } = await import("@keybrake/server");
      const line = progress();
      await rebuildAudit(dataDirectory(), (done, all) => line.update(`${done} of ${all} flushes`));
      line.done("The tables are made again from the journal.");
    });
}

function filters(command: Command): Command {
  return command
    .option("--label <label>", "exactly this label")
    .option("--label-prefix <prefix>", "labels that begin so")
    .option("--key <key_id>")
    .option("--vendor <vendor>")
    .option("--verdict <allowed|refused>")
    .option("--outcome <outcome>", "settled, released, held, unknown, needs_review, none")
    .option("--workflow-id <id>")
    .option("--run-id <id>")
    .option("--from <time>", "RFC 3339, inclusive")
    .option("--to <time>", "RFC 3339, exclusive");
}

function queryOf(options: FilterOptions): CallListQuery {
  return {
    agent_run_label: options.label,
    agent_run_label_prefix: options.labelPrefix,
    key_id: options.key,
    vendor: options.vendor,
    verdict: options.verdict,
    outcome: options.outcome,
    workflow_id: options.workflowId,
    run_id: options.runId,
    from: options.from,
    to: options.to,
  };
}

/** Rows appear when they have ended, so that each is printed once and whole. */
async function tail(options: FilterOptions): Promise<void> {
  const client = connect();
  const seen = new Set<string>();
  const query = queryOf(options);
  const print = printer(options);
  let from = options.from ?? new Date().toISOString();
  let rows = await allCalls(client, { ...query, from });
  for (;;) {
    const complete = rows.filter((row) => row.latency_ms !== null && !seen.has(row.call_id)).reverse();
    for (const row of complete) seen.add(row.call_id);
    if (complete.length > 0) print(complete);
    // Asked again from the oldest row that has not ended; what was printed since then is remembered.
    const open = rows.filter((row) => row.latency_ms === null).map((row) => row.time);
    const newest = rows[0]?.time;
    if (newest !== undefined) from = open.reduce((oldest, time) => (time < oldest ? time : oldest), newest);
    for (const row of rows) if (row.time < from) seen.delete(row.call_id);
    await wait(TAIL_MS);
    rows = await patiently(() => allCalls(client, { ...query, from }));
  }
}

function printer(options: FilterOptions): (rows: readonly AuditRowAnswer[]) => void {
  if (options.json === true) return (rows) => rows.forEach((row) => say(JSON.stringify(row)));
  if (!process.stdout.isTTY)
    return (rows) => rows.forEach((row) => say(CALL_COLUMNS.map((column) => shown(column.value(row))).join("  ")));
  const next = growingTable(CALL_COLUMNS);
  return (rows) => say(next(rows));
}

/** Newest first. */
async function allCalls(client: Client, query: CallListQuery): Promise<AuditRowAnswer[]> {
  const rows: AuditRowAnswer[] = [];
  let cursor: string | null = null;
  do {
    const page: { data: readonly AuditRowAnswer[]; next_cursor: string | null } = await client.listCalls({
      ...query,
      limit: TAIL_PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    rows.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return rows;
}

/** A server that is started again is waited for; what it says no to is a problem. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await ask();
      if (tries > 0) remark("It answers again.");
      return answer;
    } catch (problem) {
      if (!(problem instanceof KeybrakeApiError) || (problem.status !== null && problem.status < 500)) throw problem;
      if (tries === 0) remark(`${sentenceOf(problem)} Asking until it answers; ^C ends this.`);
      await wait(TAIL_MS);
    }
  }
}
