/**
 * Step 9's last look: the credential, in any form in which it could come back, is replaced before anything reaches the caller.
 * Holds the only plain copies of a secret besides forward.ts, closed in; tells only whether it found something, never what.
 */

const REPLACEMENT = "[redacted]";

export interface Redactor {
  /** The same string where there is nothing to hide. */
  text(value: string): string;
  /** The same bytes where there is nothing to hide. */
  bytes(body: Uint8Array): Uint8Array;
  /** For a body that passes in chunks. What is found is replaced by as many bytes, so that a promised length stays true. */
  stream(): StreamRedactor;
}

export interface StreamRedactor {
  /** What may go on now. The last bytes, one fewer than the longest needle has, wait for the next chunk, whatever they are. */
  push(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
  readonly found: boolean;
}

export function createRedactor(needles: readonly string[]): Redactor {
  // Longest first: a longer form goes whole before a shorter one inside it would be found.
  const texts = [...new Set(needles)].filter((needle) => needle !== "").sort((a, b) => b.length - a.length);
  // Looking needs only those that hold no other: where a longer form stands, the shorter one inside it stands too.
  const tellTale = texts.filter((needle) => !texts.some((other) => other !== needle && needle.includes(other)));
  const patterns = texts.map((needle) => Buffer.from(needle, "utf8"));
  const heldBack = Math.max(0, ...patterns.map((needle) => needle.length - 1));
  const tellTaleBytes = tellTale.map((needle) => Buffer.from(needle, "utf8"));

  return {
    text(value) {
      if (!tellTale.some((needle) => value.includes(needle))) return value;
      return texts.reduce((text, needle) => text.replaceAll(needle, REPLACEMENT), value);
    },
    bytes(body) {
      const buffer = asBuffer(body);
      if (!tellTaleBytes.some((needle) => buffer.includes(needle))) return body;
      return patterns.reduce((bytes, needle) => replaceAll(bytes, needle), buffer);
    },
    stream() {
      let tail: Buffer = EMPTY;
      let found = false;
      return {
        get found() {
          return found;
        },
        push(chunk) {
          let buffer = tail.length === 0 ? asBuffer(chunk) : Buffer.concat([tail, chunk]);
          if (tellTaleBytes.some((needle) => buffer.includes(needle))) {
            found = true;
            buffer = Buffer.from(buffer);
            for (const needle of patterns) overwriteAll(buffer, needle);
          }
          // Always as many, whatever they are: holding back only what could begin a secret would tell, by the sizes of the pieces
          // that go out, how a guess that the caller had the vendor repeat begins.
          const waits = Math.min(buffer.length, heldBack);
          tail = buffer.subarray(buffer.length - waits);
          return buffer.subarray(0, buffer.length - waits);
        },
        end() {
          const last = tail;
          tail = EMPTY;
          return last;
        },
      };
    },
  };
}

const EMPTY = Buffer.alloc(0);

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function replaceAll(bytes: Buffer, needle: Buffer): Buffer {
  let at = bytes.indexOf(needle);
  if (at === -1) return bytes;
  const parts: Buffer[] = [];
  let from = 0;
  for (; at !== -1; at = bytes.indexOf(needle, from)) {
    parts.push(bytes.subarray(from, at), Buffer.from(REPLACEMENT));
    from = at + needle.length;
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}

/** In place, same length: `[redacted]` and asterisks. */
function overwriteAll(bytes: Buffer, needle: Buffer): void {
  for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + needle.length)) {
    bytes.fill("*", at, at + needle.length);
    bytes.write(REPLACEMENT, at, Math.min(REPLACEMENT.length, needle.length), "latin1");
  }
}
