/** `keybrake keys`: issue, list, show and revoke vault keys. */
import type { KeyAnswer } from "@keybrake/client";
import type { Command } from "commander";
import { connect } from "../connection.ts";
import { UserProblem } from "../problems.ts";
import { dollars, json, paint, remark, say, table } from "../terminal.ts";

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
    .option("--json", "the answer as JSON")
    .action(async (options: CreateOptions) => {
      if ((options.workflowId === undefined) !== (options.runId === undefined))
        throw new UserProblem("--workflow-id and --run-id go together.", 2);
      const key = await connect().issueKey({
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
        ...(options.workflowId === undefined || options.runId === undefined
          ? {}
          : { temporal: { namespace: options.namespace, workflow_id: options.workflowId, run_id: options.runId } }),
      });
      if (options.json === true) return say(json(key));
      showKey(key);
      say();
      say(`${paint("bold", "vault key")}  ${key.vault_key}`);
      remark("It is shown once. Give it to the run, with the base URL above.");
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
        if (answer.data.length === 0) return remark("No vault keys yet. Issue one: keybrake keys create --help");
        say(
          table<KeyAnswer>(
            [
              { title: "KEY", value: (key) => key.key_id },
              { title: "STATUS", value: (key) => statusOf(key) },
              { title: "VENDOR", value: (key) => `${key.vendor} ${modeOf(key)}` },
              { title: "LABEL", value: (key) => key.agent_run_label ?? "-" },
              {
                title: "CAP",
                value: (key) =>
                  key.uncapped ? "none" : `${dollars(key.budgets[0]?.limit_usd)} ${key.budgets[0]?.window ?? ""}`,
                align: "right",
              },
              { title: "SETTLED", value: (key) => dollars(key.budgets[0]?.settled_usd), align: "right" },
              { title: "HELD", value: (key) => dollars(key.budgets[0]?.held_usd), align: "right" },
              { title: "LEFT", value: (key) => dollars(key.budgets[0]?.remaining_usd), align: "right" },
              { title: "EXPIRES", value: (key) => key.expires_at },
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
      const answers = [];
      for (const keyId of keyIds) {
        const key = await client.revokeKey(keyId);
        answers.push(key);
        if (options.json === true) continue;
        say(`${key.key_id} revoked at ${key.revoked_at}`);
        if (key.in_flight_calls > 0)
          remark(`${key.in_flight_calls} of its calls had left before and are still unanswered.`);
      }
      if (options.json === true) say(json(answers));
    });
}

export function showKey(key: KeyAnswer): void {
  const lines: [string, string][] = [
    ["key", key.key_id],
    ["status", statusOf(key)],
    ["vendor", `${key.vendor} ${modeOf(key)}, credential ${key.credential.name ?? `${key.credential.id} (removed)`}`],
    ["base url", key.base_url],
    ["label", key.agent_run_label ?? "-"],
    [
      "run",
      key.temporal === null ? "-" : `${key.temporal.namespace} ${key.temporal.workflow_id} ${key.temporal.run_id}`,
    ],
    ["allowed", key.allowed_endpoints.join(", ")],
    ["per call", key.per_call_usd_cap === null ? "-" : `at most ${dollars(key.per_call_usd_cap)}`],
    ["expires", key.expires_at],
  ];
  for (const [name, value] of lines) say(`${paint("dim", name.padEnd(9))} ${value}`);
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
        { title: "COUNTS", value: (budget) => budget.directions.join(", ") },
      ],
      key.budgets,
    ),
  );
}

function statusOf(key: KeyAnswer): string {
  return key.status === "active" ? paint("green", key.status) : paint("red", key.status);
}

/** Live money looks different from pretend money, everywhere. */
export function modeOf(what: { readonly livemode: boolean | null; readonly sandbox: boolean }): string {
  if (what.sandbox) return paint("cyan", "sandbox");
  return what.livemode === true ? paint(["bold", "red"], "LIVE") : paint("cyan", "test");
}
