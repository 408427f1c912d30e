/**
 * Resend's parameters: a JSON body with snake_case names, a query on what reads; a batch is a bare list of mails. Or what was
 * ambiguous about them: where two readers could see two requests, there is no answer. https://resend.com/docs/api-reference
 */
import type { Operation, Parameters, ParametersRead, VendorCall, VendorRequest } from "@keybrake/core";
import { quoted, readFormQuery } from "../form.ts";
import { readJsonParameters } from "../json-parameters.ts";
import type { JsonLimits } from "../json-parameters.ts";
import { operations } from "./operations.ts";

/** A batch of 100 mails with 50 addresses in each of `to`, `cc` and `bcc`, and words around them. */
const LIMITS: JsonLimits = { valuesMax: 20_000, depthMax: 16 };

/** Headers that some frameworks take for the real method. */
const METHOD_OVERRIDES = ["x-http-method-override", "x-http-method", "x-method-override"];

export function readParameters(request: VendorRequest): ParametersRead {
  const override = METHOD_OVERRIDES.find((header) => request.headers.has(header));
  if (override !== undefined) return ambiguous(`The header ${override} would change the method.`);
  if (request.method === "GET" && !saysNothing(request.body)) return ambiguous("A GET request has a body.");
  const operation = operations.match(request.method, request.segments)?.operation;
  const pays = operation?.class === "money" || operation?.class === "unbounded";
  // What moves money has all of its parameters in the body. Whether Resend would also read them from a query is not for us to find out.
  if (pays && request.query !== "")
    return ambiguous("The request has a query beside its body. Send all parameters in the body.");
  const problem = bodyProblem(request);
  if (problem !== null) return ambiguous(problem);
  const query = readFormQuery(request.query);
  if (query.kind === "ambiguous") return query;
  const body = readJsonParameters(request.body, LIMITS);
  if (body.kind === "ambiguous") return body;
  const inBody = new Set([...body.parameters.keys()].map(rootOf));
  const parameters = new Map(body.parameters);
  for (const { name, value } of query.pairs) {
    if (inBody.has(rootOf(name))) return ambiguous(`The parameter ${quoted(name)} is in the query and in the body.`);
    if (parameters.has(name)) return ambiguous(`The parameter ${quoted(name)} is sent twice.`);
    parameters.set(name, value);
  }
  return { kind: "parameters", parameters };
}

/** No body, or the `{}` that resend-python 2.52.0 sends with every request that has none. */
function saysNothing(body: Uint8Array): boolean {
  return body.length === 0 || (body.length === 2 && body[0] === 0x7b && body[1] === 0x7d);
}

/** Why the body cannot be read as JSON, as a sentence; null when it can. */
function bodyProblem({ headers, body }: VendorRequest): string | null {
  if (headers.has("content-encoding"))
    return "The body is compressed (Content-Encoding), so its parameters cannot be read.";
  if (body.length === 0) return null;
  const [mediaType = "", ...more] = (headers.get("content-type") ?? "")
    .split(";")
    .map((each) => each.trim().toLowerCase());
  if (mediaType !== "application/json")
    return `The body's Content-Type is ${quoted(mediaType)}. Send application/json.`;
  // RFC 8259 section 11 knows no charset; some SDKs add this one.
  for (const parameter of more)
    if (parameter !== "charset=utf-8" && parameter !== 'charset="utf-8"')
      return `The body's Content-Type has the parameter ${quoted(parameter)}. Only charset=utf-8 may stand there.`;
  return null;
}

/** `to` of `to[0]`; "" of what stands in a list at the top. */
export function rootOf(name: string): string {
  const bracket = name.indexOf("[");
  return bracket === -1 ? name : name.slice(0, bracket);
}

/** `[3][to][0]` of a batch: the fourth mail's `to[0]`. */
const IN_A_BATCH = /^\[(\d+)\](?:\[([^[\]]+)\](.*))?$/s;

/**
 * Each mail of a batch, with the names that a single mail has; null where the body is no list of mails. Mails without any parameter
 * are there too: they are in the list, and each is judged.
 */
function mailsOfBatch(parameters: Parameters): readonly Parameters[] | null {
  const mails: Map<string, string>[] = [];
  for (const [name, value] of parameters) {
    const match = IN_A_BATCH.exec(name);
    if (match === null) return null;
    const [, index = "", member, rest = ""] = match;
    // The reader goes through the list in order.
    const mail = (mails[Number(index)] ??= new Map());
    if (member !== undefined) mail.set(member + rest, value);
    // An empty mail is read as the empty text, and so is null; any other value is no mail.
    else if (value !== "") return null;
  }
  return mails;
}

/** The mails that a call names itself: one, or those of a batch. */
export function mailsOf({
  operation,
  parameters,
}: Pick<VendorCall, "operation" | "parameters">): readonly Parameters[] | null {
  return operation.name === "emails.batch.send" ? mailsOfBatch(parameters) : [parameters];
}

/** A set for each mail, with what stands in the path; a name in the path wins: that is the object the call goes to. */
export function constrained(call: VendorCall): readonly Parameters[] {
  const path = Object.entries(call.pathParameters);
  const mails = mailsOf(call) ?? [];
  // Without a mail in it there is nothing to judge, and what is constrained is missing.
  return (mails.length === 0 ? [new Map<string, string>()] : mails).map((mail) => new Map([...mail, ...path]));
}

// ----------------------------------------------------------------------------------------------------------------- names

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

const MAIL = words("from to subject bcc cc reply_to html text template headers scheduled_at attachments tags topic_id");
const BROADCAST = words("name segment_id audience_id from subject reply_to preview_text html text topic_id");

/**
 * By operation that moves money: the parameters that were thought through, each counted in estimate.ts or free. Source: Resend's
 * OpenAPI of 2026-08-21, and for inboxes the types of npm resend 6.38.0.
 */
const NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ["emails.send", MAIL],
  ["emails.batch.send", MAIL],
  ["broadcasts.create", [...BROADCAST, "send", "scheduled_at"]],
  ["broadcasts.update", BROADCAST],
  ["broadcasts.send", words("scheduled_at")],
  ["inboxes.drafts.send", words("headers")],
  ["inboxes.threads.emails.reply", words("cc bcc subject html text reply_all attachments headers")],
  ["inboxes.threads.emails.forward", words("to cc bcc subject html text attachments headers")],
]);

/** The names of the body; null where they are not known. */
export function bodyNames(operation: Operation): readonly string[] | null {
  return NAMES.get(operation.name) ?? null;
}

function ambiguous(why: string): Extract<ParametersRead, { kind: "ambiguous" }> {
  return { kind: "ambiguous", why };
}
