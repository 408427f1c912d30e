/**
 * Content codings of answers, undone on a copy, so that the meter can read and the redactor can look; what is passed on are the
 * original bytes.
 */
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";

/**
 * The body without its codings; null when it cannot be read: an unknown coding, broken data, or more than `bytesMax`. Answers
 * are small (limits.ts), and for small ones a round through the thread pool costs more than the work.
 */
export function decodeBody(body: Uint8Array, contentEncoding: string | undefined, bytesMax: number): Uint8Array | null {
  if (contentEncoding === undefined || contentEncoding === "") return body;
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
  const options = { maxOutputLength: bytesMax };
  try {
    switch (coding) {
      case "identity":
      case "":
        return body;
      case "gzip":
      case "x-gzip":
        return gunzipSync(body, options);
      case "deflate":
        // Some servers send it bare, without the zlib frame. https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2
        return (body[0] ?? 0) % 16 === 8 ? inflateSync(body, options) : inflateRawSync(body, options);
      case "br":
        return brotliDecompressSync(body, options);
      case "zstd":
        return zstdDecompressSync(body, options);
      default:
        return null;
    }
  } catch {
    return null;
  }
}
