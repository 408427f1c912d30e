/**
 * The body rules of step 2: the whole body is collected before anything is decided, because money is in it. A body that ends
 * early, comes too slowly or is too big never goes anywhere.
 */
import type { IncomingMessage } from "node:http";
import { Transform } from "node:stream";
import { refusal, type Refusal } from "@keybrake/core";
import type { RequestHeaders } from "./headers.ts";
import type { Limits } from "./limits.ts";

export type BodyRead =
  | { readonly kind: "body"; readonly body: Uint8Array }
  | { readonly kind: "too_large" }
  /** Too many bodies of other calls are in memory. */
  | { readonly kind: "no_room" }
  | { readonly kind: "too_slow" }
  /** The caller went away in the middle. */
  | { readonly kind: "cut_off" };

export const NO_BODY: Extract<BodyRead, { kind: "body" }> = { kind: "body", body: new Uint8Array(0) };

export function readBody(
  request: IncomingMessage,
  headers: RequestHeaders,
  bytesMax: number,
  bodyMs: number,
  /** Asked for every piece: false when all bodies together would be too large. */
  hasRoom: (bytes: number) => boolean = () => true,
): BodyRead | Promise<BodyRead> {
  const declared = headers.contentLength === null ? null : Number(headers.contentLength);
  if (headers.transferEncoding === null && (declared === null || declared === 0)) return NO_BODY;
  // Early, so that nobody uploads for nothing.
  if (declared !== null && !(declared <= bytesMax)) return { kind: "too_large" };

  if (request.destroyed) return { kind: "cut_off" };
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const finish = (read: BodyRead): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      // What still comes is read and thrown away by node, so that the answer can be read on the same connection.
      if (read.kind !== "body") request.resume();
      resolve(read);
    };
    const onData = (chunk: Uint8Array): void => {
      size += chunk.length;
      if (size > bytesMax) finish({ kind: "too_large" });
      else if (!hasRoom(chunk.length)) finish({ kind: "no_room" });
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      const [only] = chunks;
      finish({ kind: "body", body: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size) });
    };
    // `end` comes only for a complete body; a caller that goes away brings `close` without it.
    const onClose = (): void => finish({ kind: "cut_off" });
    const timer = setTimeout(finish, bodyMs, { kind: "too_slow" });
    request.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

/** A file on its way to the vendor. */
export interface StreamedBody {
  readonly stream: Transform;
  /** Bytes, where the caller said how many; null: it comes in chunks. */
  readonly length: number | null;
}

/**
 * The body of an operation in whose body there is no money: it is not read, only counted, and goes on piece by piece. One that is
 * longer than it said, or than the limit, is cut, and the vendor sees that it was.
 */
export function streamBody(
  request: IncomingMessage,
  headers: RequestHeaders,
  { streamedBodyBytesMax }: Pick<Limits, "streamedBodyBytesMax">,
): StreamedBody | Refusal {
  const length = headers.contentLength === null ? null : Number(headers.contentLength);
  const tooLarge = refusal("request_too_large", `The body is longer than ${streamedBodyBytesMax} bytes.`);
  if (length !== null && !(length <= streamedBodyBytesMax)) return tooLarge;
  let size = 0;
  const stream = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      done(size > streamedBodyBytesMax ? new Error(tooLarge.message) : null, chunk);
    },
  });
  // Nothing is read before somebody reads from the stream: a call that is refused leaves the body where it is.
  request.once("close", () => {
    if (!request.complete) stream.destroy(new Error("The caller went away in the middle of its body."));
  });
  stream.once("error", () => request.unpipe(stream));
  request.pipe(stream);
  return { stream, length: headers.transferEncoding === null ? (length ?? 0) : null };
}
