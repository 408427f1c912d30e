/**
 * Content codings of answers, undone on a copy, so that the meter can read and the redactor can look; what is passed on are the
 * original bytes.
 */
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";

/**
 * The body without its codings; null when it cannot be read: an unknown coding, broken data, bytes behind its end, or more than
 * `bytesMax`. Answers are small (limits.ts), and for small ones a round through the thread pool costs more than the work.
 */
export function decodeBody(body: Uint8Array, contentEncoding: string | undefined, bytesMax: number): Uint8Array | null {
  // A 304 names the coding of a body that it does not have: nothing is nothing in every coding.
  if (contentEncoding === undefined || contentEncoding === "" || body.length === 0) return body;
  let decoded: Uint8Array | null = body;
  // Applied in the order in which they are listed, so undone from the last. https://www.rfc-editor.org/rfc/rfc9110#section-8.4
  const codings = contentEncoding.toLowerCase().split(",").reverse();
  if (codings.length > CODINGS_MAX) return null;
  for (const coding of codings) decoded = decoded === null ? null : undo(coding.trim(), decoded, bytesMax);
  return decoded;
}

/** Nobody compresses twice on purpose. */
const CODINGS_MAX = 2;

function undo(coding: string, body: Uint8Array, bytesMax: number): Uint8Array | null {
  const options = { maxOutputLength: bytesMax, info: true };
  try {
    switch (coding) {
      case "identity":
      case "":
        return body;
      case "gzip":
      case "x-gzip":
        return whole(gunzipSync(body, options), body);
      case "deflate":
        // Some servers send it bare, without the zlib frame. https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2
        return whole((body[0] ?? 0) % 16 === 8 ? inflateSync(body, options) : inflateRawSync(body, options), body);
      case "br":
        return whole(brotliDecompressSync(body, options), body);
      case "zstd":
        return whole(zstdDecompressSync(body, options), body);
      default:
        return null;
    }
  } catch {
    return null;
  }
}

/**
 * Null where bytes stand behind the end of the coded data: zlib leaves them out without a word, but they would be passed on, and a
 * reader who goes on there (a second zstd frame is legal) would see what nobody here has looked at.
 */
function whole(decoded: Uint8Array, body: Uint8Array): Uint8Array | null {
  // With `info` this is what zlib really gives; the types do not tell. https://nodejs.org/api/zlib.html#class-options
  const { buffer, engine } = decoded as unknown as { readonly buffer: Uint8Array; readonly engine: Engine };
  return engine.bytesWritten === body.length ? buffer : null;
}

/** `bytesWritten`: how many bytes of the input were used. */
interface Engine {
  readonly bytesWritten: number;
}
