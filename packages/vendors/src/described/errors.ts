/** Keybrake's refusals in the shape that a description gives them, and what the vendor's own errors look like. */
import { publicCode, REFUSALS, refusalSentence } from "@keybrake/core";
import type { Refusal, RenderedAnswer, VendorAnswer } from "@keybrake/core";
import { isRecord, readJson } from "../json.ts";
import type { Errors } from "./description.ts";
import { valueAt } from "./pointer.ts";

export function renderRefusal(errors: Errors, refused: Refusal, callId: string): RenderedAnswer {
  const status = errors.refusalStatuses.get(publicCode(refused.code)) ?? REFUSALS[refused.code].status;
  const headers: [string, string][] = [["Content-Type", "application/json"]];
  if (refused.code === "rate_limited" && refused.retryAfterSeconds !== undefined)
    headers.push(["Retry-After", String(refused.retryAfterSeconds)]);
  const words: Words = {
    code: publicCode(refused.code),
    message: refusalSentence(refused),
    status,
    call_id: callId,
  };
  const body = fill(errors.refusalBody, words);
  // Numbers of a cap stand beside what the description puts there, and take no name that it uses.
  return { status, headers, body: JSON.stringify(isRecord(body) ? { ...refused.facts, ...body } : body) };
}

type Words = Readonly<Record<"code" | "message" | "status" | "call_id", string | number>>;

/** A text that is nothing but one word in braces becomes what stands for it, a number where it is one. */
function fill(template: unknown, words: Words): unknown {
  if (Array.isArray(template)) return template.map((each: unknown) => fill(each, words));
  if (isRecord(template))
    return Object.fromEntries(Object.entries(template).map(([name, each]) => [name, fill(each, words)]));
  if (typeof template !== "string") return template;
  const whole = WHOLE.exec(template)?.[1];
  if (isWord(whole)) return words[whole];
  return template.replaceAll(PLACES, (text, word: string) => (isWord(word) ? String(words[word]) : text));
}

const PLACES = /\{(\w+)\}/g;
const WHOLE = /^\{(\w+)\}$/;

function isWord(text: string | undefined): text is keyof Words {
  return text === "code" || text === "message" || text === "status" || text === "call_id";
}

export function isOwnError({ own }: Errors, answer: VendorAnswer): boolean {
  const json = readJson(answer.body);
  if (own === null) return isRecord(json);
  return (valueAt(json, own) ?? null) !== null;
}
