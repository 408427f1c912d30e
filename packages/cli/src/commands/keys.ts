/** `keybrake keys`: issue, list, show and revoke vault keys. */
import type { BudgetAnswer, Client, KeyAnswer } from "@keybrake/client";
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { unmatchedRoutes } from "../allowlist.ts";
import { connect } from "../connection.ts";
import { again } from "../invocation.ts";
import { UserProblem } from "../problems.ts";
import { sentenceOf } from "../sentence.ts";
import { dollars, json, paint, remark, say, shown, table, warn, type Cell, type Painted } from "../terminal.ts";

interface CreateOptions {
  readonly vendor?: string;
  readonly credential?: string;
  readonly dailyCap?: string;
  readonly totalCap?: string;
  readonly perCallCap?: string;
  readonly uncapped?: boolean;
  readonly allow: readonly string[];
  readonly expiresIn?: string;
  readonly expiresAt?: string;
  readonly label?: string;
  readonly workflowId?: string;
  readonly runId?: string;
  readonly namespace?: string;
  readonly onDecline?: "keep" | "release";
  readonly with?: string;
  readonly json?: boolean;
}

export function keysCommand(program: Command): void {
  const keys = program.command("keys").description("issue, list, show and revoke vault keys");

  keys
    .command("create")
    .description("issue a vault key; it is shown once")
    .requiredOption("--vendor <vendor>", "the vendor that the key calls")
    .option("--credential <name>", "name or id of the credential (default: the vendor's default)")
    .option("--daily-cap <usd>", "most dollars each day")
    .option("--total-cap <usd>", "most dollars over the key's life")
    .option("--per-call-cap <usd>", "most dollars in one call")
    .option("--uncapped", "no cap at all, said explicitly")
    .requiredOption("--allow <pattern...>", 'what it may call: "POST /v1/payment_intents", "customers.*", "**"')
    .option("--expires-in <duration>", "30m, 8h, 45d")
    .option("--expires-at <time>", "RFC 3339")
    .option("--label <label>", "what you will look for later")
    .option("--workflow-id <id>", "Temporal workflow id")
    .option("--run-id <id>", "Temporal run id")
    .option("--namespace <name>", "Temporal namespace")
    .option("--on-decline <keep|release>", "what a decline does to the hold of a payment that can still be made")
    .option("--with <json>", 'more fields of POST /vault/keys: \'{"constraints": {...}, "caps": [...]}\', or @file')
    .option("--json", "the answer as JSON")
    .action(async (options: CreateOptions) => {
      if ((options.workflowId === undefined) !== (options.runId === undefined))
        throw new UserProblem("--workflow-id and --run-id go together.", 2);
      const client = connect();
      const key = await client.issueKey({
        vendor: options.vendor,
        credential: options.credential,
        daily_usd_cap: options.dailyCap,
        total_usd_cap: options.totalCap,
        per_call_usd_cap: options.perCallCap,
        uncapped: options.uncapped,
        allowed_endpoints: options.allow,
        expires_in: options.expiresIn,
        expires_at: options.expiresAt,
        agent_run_label: options.label,
        on_decline: options.onDecline,
        ...(options.with === undefined ? {} : await moreFields(options.with)),
        ...(options.workflowId === undefined || options.runId === undefined
          ? {}
          : { temporal: { namespace: options.namespace, workflow_id: options.workflowId, run_id: options.runId } }),
      });
      if (options.json === true) say(json(key));
      else {
        showKey(key);
        say();
        say(`${paint("bold", "vault key")}  ${key.vault_key}`);
        remark("It is shown once. Give it to the run, with the base URL above.");
      }
      for (const doubt of [...capDoubts(key), ...(await allowlistDoubts(key, client))]) warn(doubt);
    });

  keys
    .command("list")
    .description("the newest keys first")
    .option("--label <label>", "exactly this label")
    .option("--label-prefix <prefix>", "labels that begin so")
    .option("--vendor <vendor>")
    .option("--status <active|revoked|expired>")
    .option("--limit <n>", "how many at most", "50")
    .option("--json", "the answer as JSON")
    .action(
      async (options: {
        label?: string;
        labelPrefix?: string;
        vendor?: string;
        status?: KeyAnswer["status"];
        limit: string;
        json?: boolean;
      }) => {
        const answer = await connect().listKeys({
          agent_run_label: options.label,
          agent_run_label_prefix: options.labelPrefix,
          vendor: options.vendor,
          status: options.status,
          limit: Number(options.limit),
        });
        if (options.json === true) return say(json(answer.data));
        if (answer.data.length === 0) {
          const { label, labelPrefix, vendor, status } = options;
          const isFiltered = [label, labelPrefix, vendor, status].some((each) => each !== undefined);
          return remark(
            isFiltered ? "No vault keys match." : `No vault keys yet. Issue one: ${again("keys create --help")}`,
          );
        }
        say(
          table<KeyAnswer>(
            [
              { title: "KEY", value: (key) => key.key_id },
              { title: "STATUS", value: statusOf },
              { title: "VENDOR", value: (key) => [key.vendor, " ", modeOf(key)], narrow: "left out" },
              { title: "LABEL", value: (key) => key.agent_run_label ?? "-", narrow: "cut" },
              { title: "CAP", value: capOf, align: "right" },
              {
                title: "SETTLED",
                value: (key) => dollars(tightest(key)?.settled_usd),
                align: "right",
                narrow: "left out",
              },
              { title: "HELD", value: (key) => dollars(tightest(key)?.held_usd), align: "right", narrow: "left out" },
              { title: "LEFT", value: (key) => dollars(tightest(key)?.remaining_usd), align: "right" },
              { title: "EXPIRES", value: (key) => key.expires_at, narrow: "left out" },
            ],
            answer.data,
          ),
        );
        if (answer.next_cursor !== null) remark("There are more: raise --limit.");
      },
    );

  keys
    .command("show <key_id>")
    .description("one key with its budgets")
    .option("--json", "the answer as JSON")
    .action(async (keyId: string, options: { json?: boolean }) => {
      const key = await connect().getKey(keyId);
      if (options.json === true) say(json(key));
      else showKey(key);
    });

  keys
    .command("revoke <key_id...>")
    .description("stop keys at once; saying it twice is fine")
    .option("--json", "the answers as JSON")
    .action(async (keyIds: readonly string[], options: { json?: boolean }) => {
      const client = connect();
      const answers: KeyAnswer[] = [];
      let failed = 0;
      // Whatever becomes of one, the next one is tried: who stops keys wants all of them stopped.
      for (const keyId of keyIds) {
        try {
          const key = await client.revokeKey(keyId);
          answers.push(key);
          if (options.json === true) continue;
          say(`${key.key_id} revoked at ${key.revoked_at}`);
          if (key.in_flight_calls > 0)
            remark(`${key.in_flight_calls} of its calls had left before and are still unanswered.`);
        } catch (problem) {
          failed += 1;
          remark(`${shown(keyId)} was not revoked: ${sentenceOf(problem)}`);
        }
      }
      if (options.json === true) say(json(answers));
      if (failed > 0) throw new UserProblem(`${failed} of ${keyIds.length} keys could not be revoked.`);
    });
}

/** What of the caps is probably not what was meant. */
function capDoubts(key: KeyAnswer): string[] {
  const perCall = key.per_call_usd_cap;
  return key.budgets.flatMap((budget) => {
    const cap = `the ${budget.window} cap of ${dollars(budget.limit_usd)}`;
    if (Number(budget.limit_usd) === 0) return [`With ${cap} every call that can move money is refused.`];
    if (perCall === null || Number(perCall) <= Number(budget.limit_usd)) return [];
    return [`The per-call cap of ${dollars(perCall)} is above ${cap}, so it never decides.`];
  });
}

/** The key is issued by now: that nobody can be asked about its allowlist is no problem of it. */
async function allowlistDoubts(key: KeyAnswer, client: Client): Promise<string[]> {
  try {
    return unmatchedRoutes(key.allowed_endpoints, (await client.listOperations({ vendor: key.vendor })).data);
  } catch {
    return [];
  }
}

export function showKey(key: KeyAnswer): void {
  const { credential, temporal } = key;
  const lines: [string, Cell][] = [
    ["key", key.key_id],
    ["status", statusOf(key)],
    ["vendor", [key.vendor, " ", modeOf(key), `, credential ${credential.name ?? `${credential.id} (removed)`}`]],
    ["base url", key.base_url],
    ...(key.account_sid === null
      ? []
      : [["account", `${key.account_sid} (stands for the real one)`] as [string, Cell]]),
    ["label", key.agent_run_label ?? "-"],
    ["run", temporal === null ? "-" : `${temporal.namespace} ${temporal.workflow_id} ${temporal.run_id}`],
    ["allowed", key.allowed_endpoints.join(", ")],
    ["per call", key.per_call_usd_cap === null ? "-" : `at most ${dollars(key.per_call_usd_cap)}`],
    ["expires", key.expires_at],
    ...Object.entries(key.constraints).map(([name, rules]): [string, Cell] => [
      "where",
      `${name}: ${JSON.stringify(rules)}`,
    ]),
    ...Object.entries(key.allow_unbounded).map(([name, { max_usd_per_call }]): [string, Cell] => [
      "ceiling",
      `${name}: ${dollars(max_usd_per_call)} a call`,
    ]),
  ];
  for (const [name, value] of lines) say(`${paint("dim", name.padEnd(9))} ${shown(value)}`);
  if (key.uncapped) say(paint("yellow", "uncapped: only the allowlist and the expiry bound this key"));
  if (key.budgets.length === 0) return;
  say();
  say(
    table(
      [
        { title: "BUDGET", value: (budget) => budget.window },
        { title: "LIMIT", value: (budget) => dollars(budget.limit_usd), align: "right" },
        { title: "SETTLED", value: (budget) => dollars(budget.settled_usd), align: "right" },
        { title: "HELD", value: (budget) => dollars(budget.held_usd), align: "right" },
        { title: "LEFT", value: (budget) => dollars(budget.remaining_usd), align: "right" },
        { title: "RESETS", value: (budget) => budget.resets_at ?? "never" },
        { title: "COUNTS", value: (budget) => budget.directions.join(", "), narrow: "cut" },
      ],
      key.budgets,
    ),
  );
}

/** What the options have no words for, as the API takes it; the server says what is wrong in it. */
async function moreFields(given: string): Promise<Record<string, unknown>> {
  const text = given.startsWith("@") ? await readFile(given.slice(1), "utf8").catch(unreadable) : given;
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (problem) {
    throw new UserProblem(`--with is no JSON: ${problem instanceof Error ? problem.message : String(problem)}`, 2);
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields))
    throw new UserProblem('--with takes an object: \'{"rate_limit": {"calls": 60, "per": "minute"}}\'.', 2);
  return { ...fields };
}

function unreadable(problem: unknown): never {
  throw new UserProblem(`--with names a file that cannot be read: ${String(problem)}`, 2);
}

/** The budget that will refuse first. */
function tightest(key: KeyAnswer): BudgetAnswer | undefined {
  return [...key.budgets].sort((a, b) => Number(a.remaining_usd) - Number(b.remaining_usd))[0];
}

function capOf(key: KeyAnswer): string {
  const budget = tightest(key);
  if (budget === undefined) return "none";
  const others = key.budgets.length - 1;
  return `${dollars(budget.limit_usd)} ${budget.window}${others === 0 ? "" : ` +${others} more`}`;
}

function statusOf(key: KeyAnswer): Painted {
  return { text: key.status, style: key.status === "active" ? "green" : "red" };
}

/** Live money looks different from pretend money, everywhere. */
export function modeOf(what: { readonly livemode: boolean | null; readonly sandbox: boolean }): Painted {
  if (what.sandbox) return { text: "sandbox", style: "cyan" };
  return what.livemode === true ? { text: "LIVE", style: ["bold", "red"] } : { text: "test", style: "cyan" };
}
