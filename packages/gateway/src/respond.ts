/**
 * Step 9: the vendor's answer as it was, without the headers of its own hop and with the credential blanked out wherever it stands;
 * or a refusal in the vendor's own error shape. Says nothing about money.
 */
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { ServerResponse } from "node:http";
import type { Transform } from "node:stream";
import { publicCode, refusal, type Meter, type Refusal, type Vendor, type VendorAnswer } from "@keybrake/core";
import type { Call } from "./call.ts";
import type { AnswerHead, AnswerRest } from "./forward.ts";
import { headerValue } from "./headers.ts";
import type { Redactor, StreamRedactor } from "./redact.ts";

const CALL_ID_HEADER = "Keybrake-Call-Id";
const REFUSAL_HEADER = "Keybrake-Refusal";

/** Of the vendor's connection to us (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1), or made anew for the next one. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export interface ResponseOptions {
  /** Keybrake is stopping: this connection takes no further request. */
  readonly lastOnConnection: boolean;
}

/** Why an answer of the vendor is not passed on; null when it is. Redirects would take the SDK past Keybrake, key and all. */
export function unusable(
  vendor: Vendor,
  answer: VendorAnswer,
  canMoveMoney: boolean,
  meter: Meter,
  redactor: Redactor,
  /** False for the answer to a HEAD: an error without its words. */
  hasBody: boolean,
): Refusal | null {
  const { status } = answer;
  const problem =
    answer.body === null
      ? "cannot be decoded"
      : status >= 300 && status < 400 && status !== 304
        ? "is a redirect"
        : status >= 400 && hasBody && !vendor.isOwnError(answer)
          ? "is not an error of its usual shape"
          : status >= 500 && vendor.hidesServerErrors && canMoveMoney && meter.kind === "unknown"
            ? "does not say what was done"
            : null;
  if (problem === null) return null;
  const message = `${vendor.displayName} answered ${status}, and the answer ${problem}.`;
  if (canMoveMoney && meter.kind === "unknown")
    return refusal("outcome_unknown", message, {
      facts: vendor.isOwnError(answer) ? wordsOf(answer, redactor) : {},
    });
  return refusal("vendor_answer_unusable", message);
}

/** What the vendor said, for whoever has to find out what it meant; cut, because it may be a page. */
function wordsOf({ status, body }: VendorAnswer, redactor: Redactor): Record<string, string | number> {
  const words = body === null ? "" : redactor.text(new TextDecoder().decode(body));
  return { vendor_status: status, vendor_answer: words.slice(0, VENDOR_WORDS_CHARS_MAX) };
}

const VENDOR_WORDS_CHARS_MAX = 500;

export function sendRefusal(call: Call, refused: Refusal, options: ResponseOptions): void {
  const { response, vendor } = call;
  if (response.headersSent || response.destroyed) return void response.destroy();
  const answer = vendor.renderRefusal(refused, call.id);
  const body = Buffer.from(answer.body, "utf8");
  const headers = answer.headers.flat();
  headers.push("Content-Length", String(body.length), REFUSAL_HEADER, publicCode(refused.code));
  write(call, answer.status, "", headers, options);
  response.end(call.method === "HEAD" ? undefined : body);
}

/** An answer of Keybrake's own that is no refusal. */
export function sendJson(call: Call, json: object, options: ResponseOptions): void {
  const { response } = call;
  if (response.headersSent || response.destroyed) return void response.destroy();
  const body = Buffer.from(JSON.stringify(json), "utf8");
  write(call, 200, "", ["Content-Type", "application/json", "Content-Length", String(body.length)], options);
  response.end(call.method === "HEAD" ? undefined : body);
}

/**
 * The answer in one piece. `decoded` is the body without its content coding, which is where a secret could be seen; `body` is as it
 * came, or null where `decoded` says something else by now.
 */
export function sendWhole(
  call: Call,
  head: AnswerHead,
  body: Uint8Array | null,
  decoded: Uint8Array,
  redactor: Redactor,
  options: ResponseOptions,
): void {
  const { response } = call;
  if (response.destroyed) return;
  const clean = redactor.bytes(decoded);
  const untouched = body !== null && clean === decoded;
  const sent = untouched ? body : clean;
  const headers = passedOn(head, redactor, untouched ? null : "content-encoding");
  if (mayHaveBody(head.status)) headers.push("Content-Length", String(sent.length));
  write(call, head.status, redactor.text(head.statusText), headers, options);
  response.end(mayHaveBody(head.status) && call.method !== "HEAD" ? sent : undefined);
}

/**
 * A long answer, as it comes. Resolves once the last byte is handed over, or with why it was cut. A compressed one is unpacked on
 * the way, because a secret cannot be looked for in it otherwise.
 */
export function sendLong(
  call: Call,
  head: AnswerHead,
  rest: AnswerRest,
  redactor: Redactor,
  options: ResponseOptions,
): Promise<{ readonly cut: string | null }> {
  const { response } = call;
  const coding = headerValue(head.headers, "content-encoding")?.trim().toLowerCase() ?? "identity";
  const unpack = unpacker(coding);
  if (unpack === undefined) {
    rest.abort();
    return Promise.resolve({ cut: "its content coding is not known" });
  }
  const headers = passedOn(head, redactor, unpack === null ? null : "content-encoding");
  const length = headerValue(head.headers, "content-length");
  // Blanking out keeps the length, so that what the vendor promised stays true.
  if (unpack === null && length !== undefined) headers.push("Content-Length", length);
  write(call, head.status, redactor.text(head.statusText), headers, options);
  const stream = redactor.stream();
  return unpack === null ? copy(response, rest, stream) : copyUnpacked(response, rest, stream, unpack);
}

function copy(
  response: ServerResponse,
  rest: AnswerRest,
  redacted: StreamRedactor,
): Promise<{ readonly cut: string | null }> {
  return new Promise((resolve) => {
    const onDrain = (): void => rest.resume();
    const onClose = (): void => rest.abort();
    const finish = (cut: string | null): void => {
      response.off("drain", onDrain).off("close", onClose);
      resolve({ cut });
    };
    response.on("drain", onDrain).on("close", onClose);
    rest.read({
      data: (chunk) => response.destroyed || response.write(redacted.push(chunk)),
      end: () => {
        response.end(redacted.end());
        finish(null);
      },
      // A cut answer must look cut: without its last chunk, or short of its length.
      lost: (why) => {
        response.destroy();
        finish(why);
      },
    });
    if (response.destroyed) rest.abort();
  });
}

function copyUnpacked(
  response: ServerResponse,
  rest: AnswerRest,
  redacted: StreamRedactor,
  unpack: Transform,
): Promise<{ readonly cut: string | null }> {
  return new Promise((resolve) => {
    let over = false;
    const finish = (cut: string | null): void => {
      if (over) return;
      over = true;
      if (cut !== null) {
        rest.abort();
        unpack.destroy();
        response.destroy();
      }
      resolve({ cut });
    };
    response.on("drain", () => unpack.resume()).on("close", () => finish("the caller went away"));
    unpack
      .on("data", (chunk: Uint8Array) => {
        if (!response.write(redacted.push(chunk))) unpack.pause();
      })
      .on("drain", () => rest.resume())
      .on("error", () => finish("it cannot be decoded"))
      .on("end", () => {
        response.end(redacted.end());
        finish(null);
      });
    rest.read({
      data: (chunk) => unpack.destroyed || unpack.write(chunk),
      end: () => void unpack.end(),
      lost: (why) => finish(why),
    });
  });
}

/** Null: nothing to undo. Undefined: a coding that we do not know, or more than one. */
function unpacker(coding: string): Transform | null | undefined {
  switch (coding) {
    case "":
    case "identity":
      return null;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    case "zstd":
      return createZstdDecompress();
    default:
      return undefined;
  }
}

// --------------------------------------------------------------------------------------------------------------- the head

function write(call: Call, status: number, statusText: string, headers: string[], options: ResponseOptions): void {
  headers.push(CALL_ID_HEADER, call.id);
  if (options.lastOnConnection) headers.push("Connection", "close");
  const words = PRINTABLE.test(statusText) ? statusText : "";
  if (words === "") call.response.writeHead(status, headers);
  else call.response.writeHead(status, words, headers);
}

/** What may stand in a header's value. https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const PRINTABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

function passedOn(head: AnswerHead, redactor: Redactor, left: string | null): string[] {
  const named = headerValue(head.headers, "connection")?.toLowerCase().split(",") ?? [];
  const ofHop = new Set(named.map((name) => name.trim()));
  const headers: string[] = [];
  for (let at = 0; at + 1 < head.headers.length; at += 2) {
    const name = head.headers[at] ?? "";
    const value = head.headers[at + 1] ?? "";
    const lower = name.toLowerCase();
    if (NOT_PASSED_ON.has(lower) || ofHop.has(lower) || lower === left) continue;
    // Ours alone: a vendor does not speak for Keybrake.
    if (lower.startsWith("proxy-") || lower.startsWith("keybrake-")) continue;
    if (PRINTABLE.test(value)) headers.push(name, redactor.text(value));
  }
  return headers;
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1 */
function mayHaveBody(status: number): boolean {
  return status !== 204 && status !== 304;
}
