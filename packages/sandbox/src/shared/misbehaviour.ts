// Fault rules: which request goes wrong, how often, and how. Seeded, so that a run can be repeated.
// "After work" means that the vendor did everything, money included, and only the answer is lost or wrong.

import { isObject, nested } from "./json.ts";
import type { Random } from "./random.ts";

export interface Match {
  readonly method?: string;
  /** A text is a prefix of the path (without query); a pattern is tested against it. */
  readonly path?: string | RegExp;
  /** Only the n-th request (from 1) that matches everything else, counted from when the rule was added. */
  readonly nth?: number;
  readonly idempotencyKey?: string | RegExp;
}

export type Action =
  /** Waits, with the idempotency key in flight. The work is done even if the client has gone meanwhile. */
  | { readonly action: "delay"; readonly ms: number; readonly when?: "before_work" | "after_work" }
  | { readonly action: "reset_before_work" }
  | { readonly action: "reset_after_work" }
  /** Execution never began, so the key is free again; `stored: true` makes the key remember the 500. */
  | { readonly action: "500_before_work"; readonly stored?: boolean }
  /** The key remembers the 500 for 24 hours, as Stripe says it does. */
  | { readonly action: "500_after_work" }
  | { readonly action: "hang_after_work" }
  /** Declares the whole Content-Length, sends half of it, closes. After the work. */
  | { readonly action: "truncate" }
  /** 200, application/json, and not JSON. After the work. */
  | { readonly action: "garbage_200" }
  /** A page from something in between. The work was done (the nasty case) unless `work: false`. */
  | { readonly action: "html_502"; readonly work?: boolean }
  /** 307 without work; to `/_sandbox/elsewhere` on this server, where a follower is seen, unless a location is given. */
  | { readonly action: "redirect"; readonly location?: string }
  | { readonly action: "409" }
  | { readonly action: "429"; readonly lockTimeout?: boolean }
  /** The bank declines, where the request asks a bank; a bare 402 without work elsewhere. */
  | { readonly action: "402" }
  /** The whole Authorization value in a response header and in the body: of an error (400) without work, or, with a 2xx
   * status, of the normal answer. `split` sends the body in two pieces, cut within the secret. */
  | { readonly action: "echo_secret"; readonly status?: number; readonly split?: boolean }
  /** Compresses though nobody asked. */
  | { readonly action: "gzip" };

export type MisbehaviourRule = Action & {
  readonly match?: Match;
  /** How many requests it hits before it is spent. Without: every one. */
  readonly times?: number;
  /** Of hitting a request that matches, from the sandbox's seed. Without: 1. */
  readonly probability?: number;
};

type Ending = Exclude<Action, { action: "delay" } | { action: "gzip" }>;

/** What happens to one request. Delays add up; of the endings the first rule's wins. */
export interface Plan {
  readonly delayBeforeMs: number;
  readonly delayAfterMs: number;
  readonly gzip: boolean;
  readonly ending: Ending | null;
}

const NOTHING_WRONG: Plan = { delayBeforeMs: 0, delayAfterMs: 0, gzip: false, ending: null };

interface Armed {
  readonly rule: MisbehaviourRule;
  seen: number;
  left: number;
}

export class Misbehaviours {
  #armed: Armed[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  add(rule: MisbehaviourRule): () => void {
    const armed = { rule, seen: 0, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.#armed.push(armed);
    return () => {
      this.#armed = this.#armed.filter((other) => other !== armed);
    };
  }

  clear(): void {
    this.#armed = [];
  }

  plan(method: string, path: string, idempotencyKey: string | null): Plan {
    if (this.#armed.length === 0) return NOTHING_WRONG;
    let [delayBeforeMs, delayAfterMs, gzip] = [0, 0, false];
    let ending: Ending | null = null;
    for (const armed of this.#armed) {
      const { rule } = armed;
      if (!matches(rule.match, method, path, idempotencyKey)) continue;
      armed.seen += 1;
      if (rule.match?.nth !== undefined && rule.match.nth !== armed.seen) continue;
      if (armed.left <= 0) continue;
      if (ending !== null && rule.action !== "delay" && rule.action !== "gzip") continue;
      if (rule.probability !== undefined && this.#random.next() >= rule.probability) continue;
      armed.left -= 1;
      if (rule.action === "delay") {
        if (rule.when === "after_work") delayAfterMs += rule.ms;
        else delayBeforeMs += rule.ms;
      } else if (rule.action === "gzip") gzip = true;
      else ending = rule;
    }
    return { delayBeforeMs, delayAfterMs, gzip, ending };
  }
}

function matches(match: Match | undefined, method: string, path: string, key: string | null): boolean {
  if (match === undefined) return true;
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (typeof match.path === "string" && !path.startsWith(match.path)) return false;
  if (match.path instanceof RegExp && path.search(match.path) < 0) return false;
  if (match.idempotencyKey === undefined) return true;
  if (key === null) return false;
  return typeof match.idempotencyKey === "string"
    ? match.idempotencyKey === key
    : key.search(match.idempotencyKey) >= 0;
}

const ACTIONS: ReadonlySet<string> = new Set<Action["action"]>([
  "delay",
  "reset_before_work",
  "reset_after_work",
  "500_before_work",
  "500_after_work",
  "hang_after_work",
  "truncate",
  "garbage_200",
  "html_502",
  "redirect",
  "409",
  "429",
  "402",
  "echo_secret",
  "gzip",
]);

/** A rule from JSON, for the control plane; a pattern is written `{"match": {"pathPattern": "^/v1/charges$"}}`. */
export function ruleFromJson(value: unknown): MisbehaviourRule {
  if (!isObject(value)) throw new TypeError("a rule is a JSON object");
  const match = nested(value, "match");
  const pattern = typeof match.pathPattern === "string" ? { path: new RegExp(match.pathPattern) } : {};
  const rule: unknown = { ...value, match: { ...match, ...pattern } };
  if (!isRule(rule))
    throw new TypeError(`action must be one of ${[...ACTIONS].join(", ")}; times, probability and ms numbers`);
  return rule;
}

/** The name of the action and the numbers; an action's other fields are few, optional, and harmless when wrong. */
function isRule(rule: unknown): rule is MisbehaviourRule {
  if (rule === null || typeof rule !== "object" || !("action" in rule) || typeof rule.action !== "string") return false;
  const numbers = ["times" in rule ? rule.times : 1, "probability" in rule ? rule.probability : 1];
  if (rule.action === "delay") numbers.push("ms" in rule ? rule.ms : undefined);
  return ACTIONS.has(rule.action) && numbers.every((number) => typeof number === "number");
}
