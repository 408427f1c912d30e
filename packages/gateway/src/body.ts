/**
 * The body rules of step 2: the whole body is collected before anything is decided, because money is in it. A body that ends
 * early, comes too slowly or is too big never goes anywhere.
 */
import type { IncomingMessage } from "node:http";
import type { RequestHeaders } from "./headers.ts";

export type BodyRead =
  | { readonly kind: "body"; readonly body: Uint8Array }
  | { readonly kind: "too_large" }
  /** Too many bodies of other calls are in memory. */
  | { readonly kind: "no_room" }
  | { readonly kind: "too_slow" }
  /** The caller went away in the middle. */
  | { readonly kind: "cut_off" };

const NO_BODY: BodyRead = { kind: "body", body: new Uint8Array(0) };

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
