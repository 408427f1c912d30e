import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TOKEN_LENGTH, TOKEN_PATTERN, formatToken, readToken } from "./token.ts";

const kinds = fc.constantFrom("vault_live", "vault_test", "api");
const bytes = fc.uint8Array({ minLength: 96, maxLength: 96 });
const tokens = fc.tuple(kinds, bytes).map(([kind, random]) => ({ kind, token: formatToken(kind, random) }));
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

describe("a token", () => {
  test("is 44 letters and digits, says its kind and is found by scanners", () => {
    fc.assert(
      fc.property(tokens, ({ kind, token }) => {
        expect(TOKEN_LENGTH).toBe(44);
        expect(token).toMatch(/^kb(live|test|apik)[0-9A-Za-z]{38}$/);
        expect(readToken(token)).toEqual({ kind });
        expect(TOKEN_PATTERN.exec(`api_key = "${token}"`)?.[0]).toBe(token);
        expect(TOKEN_PATTERN.test(`x${token}`)).toBe(false);
        expect(TOKEN_PATTERN.test(`${token}0`)).toBe(false);
      }),
    );
  });

  test("ends in the CRC-32 of what comes before it, in base 62", () => {
    fc.assert(
      fc.property(tokens, ({ token }) => {
        let read = 0;
        for (const char of token.slice(38)) read = read * 62 + BASE62.indexOf(char);
        expect(read).toBe(crc32(token.slice(0, 38)));
      }),
    );
  });

  test("with one character changed, or two exchanged, is told to be mistyped", () => {
    fc.assert(
      fc.property(tokens, fc.nat(37), fc.constantFrom(...BASE62.split("")), ({ token }, offset, char) => {
        const index = 6 + offset;
        const changed = token.slice(0, index) + char + token.slice(index + 1);
        if (changed !== token) expect(readToken(changed)).toEqual({ problem: "mistyped" });
        const [a = "", b = ""] = token.slice(index - 1, index + 1);
        const exchanged = token.slice(0, index - 1) + b + a + token.slice(index + 1);
        if (exchanged !== token && index > 6) expect(readToken(exchanged)).toEqual({ problem: "mistyped" });
      }),
    );
  });

  test("cut, extended or with a foreign character is mistyped; of another kind it does not verify", () => {
    const token = formatToken("vault_test", new Uint8Array(64).fill(7));
    for (const wrong of [
      token.slice(0, 43),
      `${token}0`,
      "kblive",
      `${token} `,
      `${token}\n`,
      `${token.slice(0, 20)}-${token.slice(21)}`,
      `${token.slice(0, 20)}é${token.slice(21)}`,
      token.replace("kbtest", "kblive"),
    ]) {
      expect([wrong, readToken(wrong)]).toEqual([wrong, { problem: "mistyped" }]);
    }
  });

  test.each(["", "k", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "KBLIVE", ` kblive`, "kb", "Bearer kblive", "kbtes"])(
    "%j is none of ours",
    (text) => {
      expect(readToken(text)).toEqual({ problem: "malformed" });
    },
  );

  test("any text at all is answered, and nothing made up is accepted", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => "problem" in readToken(text)));
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => "problem" in readToken(`kblive${text}`)));
  });
});

describe("the randomness of a token", () => {
  test("has no bias: of the 256 byte values each letter has exactly four, the rest are skipped", () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const random = new Uint8Array(64).fill(byte);
      if (byte >= 248) {
        expect(() => formatToken("api", random)).toThrow();
        continue;
      }
      const char = formatToken("api", random).charAt(6);
      counts.set(char, (counts.get(char) ?? 0) + 1);
    }
    expect(counts.size).toBe(62);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  test("skipped bytes leave no trace", () => {
    const plain = Uint8Array.from({ length: 64 }, (_, i) => i);
    const sprinkled = Uint8Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 255 : (i - 1) / 2));
    expect(formatToken("api", sprinkled)).toBe(formatToken("api", plain));
  });

  test("is never stretched", () => {
    expect(() => formatToken("api", new Uint8Array(63))).toThrow();
  });
});
