/**
 * How a request would be priced: the gateway is asked with `Keybrake-Dry-Run: true`, which holds and forwards nothing, and what it
 * answers is put into sentences. The words of the estimate (`basis`) are the vendor's part of the server; none are made up here.
 */
import { readFileSync } from "node:fs";
import { createClient, KeybrakeApiError, type BudgetAnswer, type KeyAnswer } from "@keybrake/client";
import { findVaultKey, keybrakeUrl } from "./connection.ts";
import { again } from "./invocation.ts";
import { UserProblem } from "./problems.ts";
import { dollars, type Cell } from "./terminal.ts";

export interface ExplainOptions {
  readonly data: readonly string[];
  readonly json?: string;
  readonly header: readonly string[];
  readonly key?: string;
}

/** As packages/gateway/src/dry-run.ts writes it. */
export interface DryRunAnswer {
  readonly operation: string | null;
  readonly class: string | null;
  readonly direction: string | null;
  readonly estimate_usd: string | null;
  readonly basis: readonly string[];
  readonly budgets: readonly BudgetAnswer[];
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

interface Asked {
  readonly key: KeyAnswer;
  readonly answer: DryRunAnswer;
}

const METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/** Look-ups at the vendor are part of an estimate. */
const TIMEOUT_MS = 60_000;
/** Where the account stands in a path, as people copy it from an operation's path. */
const ACCOUNT = /\{account_sid\}|%7Baccount_sid%7D/gi;

export async function askDryRun(method: string, path: string, options: ExplainOptions): Promise<Asked> {
  const request = { method: methodOf(method), ...contentOf(options) };
  const vaultKey = vaultKeyOf(options);
  const baseUrl = keybrakeUrl();
  const key = await createClient({ baseUrl, apiKey: vaultKey }).getSelf().catch(aboutVaultKey);
  const url = `${baseUrl}${targetOf(path, key)}`;
  if ((request.method === "GET" || request.method === "HEAD") && request.body !== undefined)
    throw new UserProblem(
      `A ${request.method} has no body: write its parameters into the path, after a question mark.`,
      2,
    );
  const answer = await fetch(url, {
    method: request.method,
    headers: { ...request.headers, authorization: `Bearer ${vaultKey}`, "keybrake-dry-run": "true" },
    ...(request.body === undefined ? {} : { body: request.body }),
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await answer.text();
  const read = answer.status === 200 ? dryRunOf(text) : null;
  if (read !== null) return { key, answer: read };
  const refusal = answer.headers.get("keybrake-refusal");
  throw new UserProblem(
    refusal === null
      ? `${baseUrl} answers ${answer.status}, but not with what a request would cost. Is it Keybrake, and of this version?`
      : `Keybrake refuses to look at the request: ${messageOf(text) ?? refusal}`,
  );
}

/** Else the command line would say where its API key came from, which was not asked with. */
function aboutVaultKey(problem: unknown): never {
  const isAboutKey =
    problem instanceof KeybrakeApiError && (problem.status === 401 || problem.code === "api_key_malformed");
  if (!isAboutKey) throw problem;
  throw new UserProblem(`${problem.message} (This is about the vault key of --key or KEYBRAKE_VAULT_KEY.)`);
}

function methodOf(method: string): string {
  const wanted = method.toUpperCase();
  if (METHODS.includes(wanted)) return wanted;
  const hint = method.startsWith("/") ? " The method comes first, then the path." : "";
  throw new UserProblem(`The method must be one of ${METHODS.join(", ")}.${hint}`, 2);
}

function vaultKeyOf(options: ExplainOptions): string {
  const given = options.key ?? findVaultKey();
  if (given === null)
    throw new UserProblem(
      "A request is priced for a vault key, because its vendor, credential and budgets decide. Put one into KEYBRAKE_VAULT_KEY; " +
        `${again("keys create --help")} says how to issue one.`,
      2,
    );
  return given;
}

/** The path at the gateway, with the vendor's prefix and the key's account. */
export function targetOf(path: string, key: Pick<KeyAnswer, "vendor" | "account_sid">): string {
  if (!path.startsWith("/"))
    throw new UserProblem("Give the path only, from its first slash on, as the vendor's documentation has it.", 2);
  const prefix = `/${key.vendor}/`;
  const whole = path.startsWith(prefix) ? path : `/${key.vendor}${path}`;
  if (!whole.match(ACCOUNT)) return whole;
  if (key.account_sid === null)
    throw new UserProblem(`The path has {account_sid}, and ${key.vendor} has no account in its paths.`, 2);
  return whole.replace(ACCOUNT, key.account_sid);
}

interface Content {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Form parameters are encoded here, so that a plus of a telephone number stays one. */
export function contentOf({ data, json, header }: Omit<ExplainOptions, "key">): Content {
  if (json !== undefined && data.length > 0)
    throw new UserProblem("Give either form parameters (-d) or a JSON body (--json), not both.", 2);
  const headers = Object.fromEntries(header.map(headerOf));
  if (json !== undefined) return { headers: { "content-type": "application/json", ...headers }, body: jsonOf(json) };
  if (data.length === 0) return { headers };
  const body = data.map(fieldOf).join("&");
  return { headers: { "content-type": "application/x-www-form-urlencoded", ...headers }, body };
}

function fieldOf(field: string): string {
  const at = field.indexOf("=");
  if (at < 1) throw new UserProblem(`-d takes name=value, and "${field}" is none.`, 2);
  return `${encodeURIComponent(field.slice(0, at))}=${encodeURIComponent(field.slice(at + 1))}`;
}

function headerOf(line: string): [name: string, value: string] {
  const [, name = "", value = ""] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(line) ?? [];
  if (name === "") throw new UserProblem('-H takes "Name: value".', 2);
  if (/^(?:authorization|keybrake-dry-run)$/i.test(name))
    throw new UserProblem(`${name} is set here: the vault key comes from KEYBRAKE_VAULT_KEY or --key.`, 2);
  return [name.toLowerCase(), value];
}

function jsonOf(text: string): string {
  let body = text;
  if (text.startsWith("@")) {
    try {
      body = readFileSync(text.slice(1), "utf8");
    } catch {
      throw new UserProblem(`The file ${text.slice(1)} cannot be read.`, 2);
    }
  }
  try {
    JSON.parse(body);
  } catch (problem) {
    throw new UserProblem(
      `--json takes the body as JSON, or @file: ${problem instanceof Error ? problem.message : "this is none"}.`,
      2,
    );
  }
  return body;
}

function dryRunOf(text: string): DryRunAnswer | null {
  try {
    const answer: unknown = JSON.parse(text);
    // The gateway of this very product writes it; the three words tell it from anybody else's 200.
    const isOne =
      typeof answer === "object" &&
      answer !== null &&
      "operation" in answer &&
      "refusal" in answer &&
      "basis" in answer;
    return isOne ? (answer as DryRunAnswer) : null;
  } catch {
    return null;
  }
}

/** The sentence of a refusal in whatever shape the vendor's errors have. */
function messageOf(text: string): string | null {
  const [, written] = /"message":\s*("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
  return written === undefined ? null : String(JSON.parse(written));
}

// ----------------------------------------------------------------------------------------------------------- sentences

const CLASSES: Readonly<Record<string, string>> = {
  read: "a read: it moves nothing and changes nothing",
  free: "free: it changes something and moves no money by itself",
  money: "able to move money",
  unbounded: "unbounded: no request says what it can cost at most",
  "secret-bearing": "secret-bearing: its answer hands out a secret, or it redirects money",
};

const DIRECTIONS: Readonly<Record<string, string>> = {
  collected: "collected from customers",
  paid_out: "paid out",
  usage: "billed by the vendor for usage",
};

/** What a dry run said, a line each. */
export function explanation(method: string, key: Pick<KeyAnswer, "vendor">, answer: DryRunAnswer): readonly Cell[] {
  const { operation, estimate_usd: estimate, direction, basis, budgets, refusal } = answer;
  const lines: Cell[] = [
    operation === null
      ? `This ${method.toUpperCase()} is no operation of ${key.vendor} that Keybrake knows.`
      : `This is ${operation} of ${key.vendor}, ${CLASSES[answer.class ?? ""] ?? answer.class ?? "of no class"}.`,
  ];
  if (estimate !== null) {
    const where = direction === null ? "" : `, ${DIRECTIONS[direction] ?? direction}`;
    lines.push(Number(estimate) === 0 ? "It moves nothing." : `It can move at most ${dollars(estimate)}${where}.`);
  } else if (refusal !== null) lines.push("What it could move was not computed, or cannot be.");
  if (basis.length > 0) lines.push("", "Why:", ...basis.map((each) => `  ${each}`));
  if (budgets.length > 0) lines.push("", "Budgets:", ...budgets.map((each) => `  ${budgetSentence(each, answer)}`));
  lines.push("");
  if (refusal === null) lines.push({ text: "It would be forwarded.", style: "green" });
  else lines.push([{ text: "It would be refused: ", style: "red" }, refusal.message]);
  lines.push("Nothing was held and nothing was sent on.");
  return lines;
}

function budgetSentence(budget: BudgetAnswer, { estimate_usd: estimate, direction }: DryRunAnswer): string {
  const counts = direction !== null && budget.directions.some((each) => each === direction);
  const standing =
    `${budget.window} cap of ${dollars(budget.limit_usd)}: ${dollars(budget.settled_usd)} settled, ` +
    `${dollars(budget.held_usd)} held, ${dollars(budget.remaining_usd)} left`;
  if (estimate === null || direction === null) return `${standing}.`;
  if (!counts) return `${standing}; it does not count ${direction}.`;
  // Six decimals of at most a trillion: numbers tell which is larger, and nothing is computed with them.
  return Number(estimate) <= Number(budget.remaining_usd) ? `${standing}; there is room.` : `${standing}; too little.`;
}
