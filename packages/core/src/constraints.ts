/**
 * Parameter constraints: what a key says of the values that its requests carry, beyond which endpoint they go to. A rule is data;
 * `checkConstraints` is a function from values to a refusal or null. What cannot be judged is refused: a constrained parameter that
 * is absent, a number that is none, an address that is none.
 */
import type { OperationMatch } from "./operation.ts";
import { parseAllowPattern, patternMatches, type AllowPattern } from "./pattern.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** All conditions that are named must hold, for every value that the parameter has. */
export interface ParameterRule {
  /** Inclusive, decimal text: amounts in the unit of the parameter itself (a Stripe amount is in minor units). */
  readonly max?: string;
  readonly min?: string;
  readonly in?: readonly string[];
  readonly equals?: string;
  readonly prefix?: string;
  /** Domains of a mail address, exact and case-insensitive. */
  readonly domain_in?: readonly string[];
  /** True: the parameter may be absent. */
  readonly optional?: boolean;
}

/** By operation name or pattern, then by parameter name. Every entry that matches a request applies to it. */
export type Constraints = Readonly<Record<string, Readonly<Record<string, ParameterRule>>>>;

export interface ConstraintQuestion {
  readonly method: string;
  readonly segments: readonly string[];
  readonly match: OperationMatch;
  /** One set of parameters, or one for each mail of a batch: each is judged on its own. */
  readonly sets: readonly ReadonlyMap<string, string>[];
  /** The body is a file that nobody reads: what may be in it cannot be judged, not even as absent. */
  readonly isUnread?: boolean;
}

export function checkConstraints(constraints: Constraints, question: ConstraintQuestion): Refusal | null {
  for (const [text, rules] of Object.entries(constraints)) {
    const pattern = constraintPattern(text);
    // It was checked when the key was issued; one that cannot be read any more must not let everything pass.
    if (pattern === null) return no(`The constraint on ${text} cannot be read.`, text);
    const { method, segments, match } = question;
    if (!patternMatches(pattern, { method, segments, operation: match.operation.name })) continue;
    for (const [name, rule] of Object.entries(rules)) {
      if (question.isUnread === true && !Object.hasOwn(match.pathParameters, name))
        return no(
          `The body of ${match.operation.name} passes unread, so the parameter "${name}" cannot be constrained there.`,
          name,
        );
      for (const [index, set] of question.sets.entries()) {
        const why = problemOf(name, rule, set);
        if (why !== null) return no(question.sets.length > 1 ? `In item ${index}, ${why}` : sentence(why), name);
      }
    }
  }
  return null;
}

/** The pattern that a key of `Constraints` names; null when it is none. */
export function constraintPattern(text: string): AllowPattern | null {
  const read = parseAllowPattern(text);
  return read.ok ? read.pattern : null;
}

function no(message: string, parameter: string): Refusal {
  return refusal("parameter_not_allowed", message, { facts: { parameter } });
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function problemOf(name: string, rule: ParameterRule, set: ReadonlyMap<string, string>): string | null {
  const values = valuesOf(name, set);
  if (values.length === 0)
    return rule.optional === true ? null : `the parameter "${name}" is missing, and this vault key constrains it.`;
  for (const value of values) {
    const why = valueProblem(rule, value);
    if (why !== null) return `the parameter "${name}" ${why}`;
  }
  return null;
}

/** `to` is `to` itself and every element of it (`to[0]`), but not `to` of something else (`a[to]`). */
function valuesOf(name: string, set: ReadonlyMap<string, string>): readonly string[] {
  const values: string[] = [];
  for (const [key, value] of set) if (key === name || key.startsWith(`${name}[`)) values.push(value);
  return values;
}

function valueProblem(rule: ParameterRule, value: string): string | null {
  if (rule.max !== undefined || rule.min !== undefined) {
    if (!isDecimal(value)) return "is not a plain number, so it cannot be compared.";
    if (rule.max !== undefined && compareDecimals(value, rule.max) > 0) return `is more than ${rule.max}.`;
    if (rule.min !== undefined && compareDecimals(value, rule.min) < 0) return `is less than ${rule.min}.`;
  }
  if (rule.equals !== undefined && value !== rule.equals) return `is not ${JSON.stringify(rule.equals)}.`;
  if (rule.in !== undefined && !rule.in.includes(value)) return `is none of ${rule.in.join(", ")}.`;
  if (rule.prefix !== undefined && !value.startsWith(rule.prefix)) return `does not begin with ${rule.prefix}.`;
  if (rule.domain_in !== undefined) {
    const domain = domainOf(value);
    if (domain === null) return "is not one mail address.";
    if (!rule.domain_in.some((each) => each.toLowerCase() === domain))
      return `has a domain that is none of ${rule.domain_in.join(", ")}.`;
  }
  return null;
}

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** Plain digits, as every reader reads them alike: no exponent, no plus, no leading zero. */
export function isDecimal(text: string): boolean {
  return text.length <= 64 && DECIMAL.test(text);
}

/** Exact, however many digits they have. */
function compareDecimals(a: string, b: string): number {
  const decimals = Math.max(decimalsOf(a), decimalsOf(b));
  const [left, right] = [scaled(a, decimals), scaled(b, decimals)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function decimalsOf(text: string): number {
  const point = text.indexOf(".");
  return point === -1 ? 0 : text.length - point - 1;
}

function scaled(text: string, decimals: number): bigint {
  return BigInt(text.replace(".", "") + "0".repeat(decimals - decimalsOf(text)));
}

/**
 * The lower-case domain of `a@b.example` or `Name <a@b.example>`. Null for anything that a mail program might read in another way:
 * two addresses, comments, quoted local parts.
 */
export function domainOf(text: string): string | null {
  const match =
    /^(?:[^<>@,;:()\\"]*<([^<>@\s,;:()\\"]+@[^<>@\s,;:()\\"]+)>|([^<>@\s,;:()\\"]+@[^<>@\s,;:()\\"]+))$/.exec(
      text.trim(),
    );
  const address = match?.[1] ?? match?.[2];
  if (address === undefined) return null;
  const domain = address.slice(address.indexOf("@") + 1).toLowerCase();
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(domain) ? domain : null;
}
