/**
 * How estimates are written down: as steps that read top to bottom and stop at the first refusal or question. The estimate of a call is
 * made anew each time one more look-up has been answered, so the steps are run from the start with the answers so far; nothing is kept
 * between two runs. What the steps use is here too: look-ups, amounts and currencies of the request, and the final sum.
 */
import { currencyProblem, formatUsdForPeople, maxUsd, minorUnitDigits, refusal, ZERO_USD } from "@keybrake/core";
import type {
  Direction,
  Estimate,
  LookUpAnswer,
  MinorAmount,
  MoneyEstimate,
  Pricing,
  RefusalCode,
  VendorCall,
} from "@keybrake/core";
import { quoted } from "../form.ts";
import { readCurrency, readId } from "./objects.ts";
import { readAmount } from "./parameters.ts";

/** Yields a question, and goes on with its answer; or yields how the estimate ends, and never goes on. */
export type Steps<T> = Generator<Estimate, T, LookUpAnswer>;
export type Estimator = (call: VendorCall, pricing: Pricing) => Steps<Estimate>;

/** What the steps come to with these answers: their end, or the next question. */
export function answered(steps: Steps<Estimate>, lookUps: readonly LookUpAnswer[]): Estimate {
  let step = steps.next();
  for (const answer of lookUps) {
    if (step.done === true || step.value.kind !== "look_up") break;
    step = steps.next(answer);
  }
  return step.value;
}

export function* stop(end: Estimate): Steps<never> {
  for (;;) yield end;
}

export function* refuse(code: RefusalCode, message: string): Steps<never> {
  return yield* stop({ kind: "refused", refusal: refusal(code, message) });
}

/** `why` is the end of a sentence: "... has no bound: <why>". */
export function unbounded(direction: Direction, why: string): Estimate {
  return { kind: "unbounded", direction, why };
}

// -------------------------------------------------------------------------------------------------------------- look-ups

/**
 * Asks for the object, and goes on with it once it is there. `{id}` of the path stands for the id, which may come from the body: nothing
 * but an id may get into the path of a request that carries the credential.
 */
export function* find<T>(
  path: string,
  rawId: string | undefined,
  read: (json: unknown) => T | null,
  query = "",
): Steps<T> {
  const id = yield* idOf(rawId);
  // v2 answers no request that does not name its version: the caller's own, because its objects are read as that version has them.
  const carries = path.startsWith("/v2/") ? { carries: ["stripe-version"] } : {};
  const answer = yield { kind: "look_up", path: path.replace("{id}", id), query, ...carries };
  return yield* found(answer, id, read);
}

export function* idOf(raw: string | undefined): Steps<string> {
  return readId(raw) ?? (yield* refuse("amount_unknown", `${quoted(raw ?? "")} is not an object's id.`));
}

/** The answer to a question about an object. Where it shows an id, it must be the one that was asked for. */
export function* found<T>(answer: LookUpAnswer, id: string, read: (json: unknown) => T | null): Steps<T> {
  if (answer.status === 429 || answer.status >= 500)
    return yield* refuse("unavailable", `The vendor answered ${answer.status} when it was asked for ${id}.`);
  if (answer.status !== 200)
    return yield* refuse("amount_unknown", `The vendor answered ${answer.status} when it was asked for ${id}.`);
  const object = read(answer.json);
  if (object === null || (isIdentified(object) && object.id !== id))
    return yield* refuse("amount_unknown", `The vendor's answer for ${id} cannot be read.`);
  return object;
}

function isIdentified(object: unknown): object is { readonly id: unknown } {
  return typeof object === "object" && object !== null && "id" in object;
}

// --------------------------------------------------------------------------------------------------------------- request

/** A parameter that is one value, or absent. */
export function* single({ parameters }: VendorCall, name: string): Steps<string | undefined> {
  const text = parameters.get(name);
  if (text !== undefined) return text;
  for (const other of parameters.keys())
    if (other.startsWith(`${name}[`))
      return yield* refuse("request_ambiguous", `${name} is sent as ${quoted(other)}, which is not a single value.`);
  return undefined;
}

/** Null where the request has none. */
export function* amountOf(call: VendorCall, name: string): Steps<bigint | null> {
  yield* single(call, name);
  const amount = readAmount(call.parameters, name);
  if (amount.kind === "refused") return yield* stop(amount);
  return amount.kind === "absent" ? null : amount.minor;
}

export function* requiredAmount(call: VendorCall, name: string): Steps<bigint> {
  return (yield* amountOf(call, name)) ?? (yield* refuse("amount_unknown", `${call.operation.name} names no ${name}.`));
}

/** The same, also below nothing. */
export function* signedAmountOf(call: VendorCall, name: string): Steps<bigint | null> {
  const text = yield* single(call, name);
  if (text?.startsWith("-") !== true) return yield* amountOf(call, name);
  const size = readAmount(new Map([[name, text.slice(1)]]), name);
  if (size.kind === "refused") return yield* stop(size);
  return size.kind === "absent" ? null : -size.minor;
}

/** The lower-case code; null where the request has none. */
export function* currencyOf(call: VendorCall, name = "currency"): Steps<string | null> {
  const text = yield* single(call, name);
  if (text === undefined) return null;
  return readCurrency(text) ?? (yield* refuse("currency_unpriced", `The currency ${quoted(text)} is not an ISO code.`));
}

export function* requiredCurrency(call: VendorCall, name = "currency"): Steps<string> {
  return (
    (yield* currencyOf(call, name)) ?? (yield* refuse("amount_unknown", `${call.operation.name} names no ${name}.`))
  );
}

// ------------------------------------------------------------------------------------------------------------------- sum

export interface Exposed {
  readonly direction: Direction;
  /** What the call asks for, for the row. */
  readonly asked: MinorAmount;
  /** Each may be what moves in the end; the dearest counts. `asked` alone where it is left out. */
  readonly most?: readonly MinorAmount[];
  /** The object that the request acts on, and what it has moved. */
  readonly object?: { readonly id: string; readonly moved: MinorAmount };
  /** How `most` came about: the beginnings of sentences for people, without what it is in dollars. */
  readonly because?: readonly string[];
}

export function money(exposed: Exposed, pricing: Pricing): Estimate {
  const { direction, asked, object, most = [asked], because = [`The request says ${inWords(asked)}`] } = exposed;
  const problem = currencyProblem(asked.currency, asked.minor);
  if (problem !== null)
    return refused(minorUnitDigits(asked.currency) === undefined ? "currency_unpriced" : "amount_unknown", problem);
  let exposure = ZERO_USD;
  let rateDate: MoneyEstimate["rateDate"] = null;
  for (const amount of most) {
    const conversion = pricing.convert(amount);
    if (conversion.kind === "unpriced") return refused("currency_unpriced", conversion.why);
    exposure = maxUsd(exposure, conversion.worstCaseMicroUsd);
    rateDate = conversion.rateDate ?? rateDate;
  }
  let known: MoneyEstimate["object"] = null;
  if (object !== undefined) {
    const moved = pricing.convert(object.moved);
    if (moved.kind === "unpriced") return refused("currency_unpriced", moved.why);
    known = { id: object.id, movedBefore: moved.referenceMicroUsd };
  }
  const sum = `which is ${formatUsdForPeople(exposure)} at most`;
  const basis = because.map((words, index) => (index === because.length - 1 ? `${words}, ${sum}.` : `${words}.`));
  if (rateDate !== null)
    basis.push(`It counts at the exchange rate of ${rateDate}, plus the largest move of a currency in as many days.`);
  return { kind: "money", direction, amount: asked, exposure, object: known, rateDate, basis };
}

function refused(code: RefusalCode, message: string): Estimate {
  return { kind: "refused", refusal: refusal(code, message) };
}

/** `2000 in usd minor units` */
export function inWords({ minor, currency }: MinorAmount): string {
  return `${minor} in ${currency} minor units`;
}
