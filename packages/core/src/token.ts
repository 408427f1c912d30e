// What a caller shows to get in: letters and digits only (some SDKs refuse anything else), one length, a prefix that a
// secret scanner recognises, a checksum that tells a mistyped one from a foreign one without asking the store. Knows
// nothing about who holds which token; makes no randomness of its own.

import { invariant } from "./invariant.ts";

/** A vault key of a live or of a test credential, or a key of the control API. */
export type TokenKind = "vault_live" | "vault_test" | "api";

const PREFIX: Readonly<Record<TokenKind, string>> = { vault_live: "kblive", vault_test: "kbtest", api: "kbapik" };

const PREFIX_LENGTH = 6;
/** 62^32 is a little more than 2^190: nobody guesses one. */
const RANDOM_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const SIGNED_LENGTH: number = PREFIX_LENGTH + RANDOM_LENGTH;

export const TOKEN_LENGTH: number = SIGNED_LENGTH + CHECKSUM_LENGTH;

/** For scanners: finds a token in any text. Its checksum tells whether it is one: `readToken`. */
export const TOKEN_PATTERN: RegExp = /(?<![0-9A-Za-z])kb(?:live|test|apik)[0-9A-Za-z]{38}(?![0-9A-Za-z])/;

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Bytes from here on would make the first letters of the alphabet likelier than the last. */
const UNBIASED_LIMIT = 248; // 4 * 62

/** Twice what is needed: running out of 64 bytes would take 33 bytes of 248 or more, which does not happen. */
const RANDOM_BYTES_MIN = 64;

export function formatToken(kind: TokenKind, randomBytes: Uint8Array): string {
  invariant(randomBytes.length >= RANDOM_BYTES_MIN, "a token needs 64 random bytes");
  let signed = PREFIX[kind];
  for (const byte of randomBytes) {
    if (signed.length === SIGNED_LENGTH) break;
    if (byte < UNBIASED_LIMIT) signed += BASE62.charAt(byte % 62);
  }
  invariant(signed.length === SIGNED_LENGTH, "the random bytes of a token ran out");
  return signed + checksum(signed);
}

/** `malformed`: nothing of ours, perhaps the vendor's own secret. `mistyped`: ours once, but cut, changed or extended. */
export function readToken(text: string): { kind: TokenKind } | { problem: "malformed" | "mistyped" } {
  const kind = kindOf(text);
  if (kind === null) return { problem: "malformed" };
  if (text.length !== TOKEN_LENGTH || !/^[0-9A-Za-z]+$/.test(text)) return { problem: "mistyped" };
  if (checksum(text.slice(0, SIGNED_LENGTH)) !== text.slice(SIGNED_LENGTH)) return { problem: "mistyped" };
  return { kind };
}

function kindOf(text: string): TokenKind | null {
  switch (text.slice(0, PREFIX_LENGTH)) {
    case PREFIX.vault_live:
      return "vault_live";
    case PREFIX.vault_test:
      return "vault_test";
    case PREFIX.api:
      return "api";
    default:
      return null;
  }
}

function checksum(signed: string): string {
  let rest = crc32(signed);
  let text = "";
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    text = BASE62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

// CRC-32 as in RFC 1952 section 8 (reflected polynomial 0xEDB88320).
const CRC_TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(ascii: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < ascii.length; i++) {
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ ascii.charCodeAt(i)) & 0xff] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
