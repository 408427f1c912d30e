import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
  type InputType,
} from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody } from "./decode.ts";

const TEXT = Buffer.from('{"id":"pi_1","amount":1000}');
const ENOUGH = 1024 * 1024;

const CODERS: readonly (readonly [coding: string, encode: (input: InputType) => Buffer])[] = [
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
];

describe.each(CODERS.map(([coding, encode]) => ({ coding, encode, how: encode.name })))(
  "$coding ($how)",
  ({ coding, encode }) => {
    test("comes back as it was, whatever it was", () => {
      fc.assert(
        fc.property(fc.uint8Array(), (bytes) => {
          expect(Buffer.from(decodeBody(encode(bytes), coding, ENOUGH) ?? [])).toEqual(Buffer.from(bytes));
        }),
      );
    });

    test("cut at any place is unreadable, never shorter", () => {
      const whole = encode(TEXT);
      for (let length = 1; length < whole.length; length++)
        expect(decodeBody(whole.subarray(0, length), coding, ENOUGH), `${length} bytes`).toBeNull();
    });

    test("that unfolds to one byte more than allowed is unreadable", () => {
      const whole = encode(TEXT);
      expect(decodeBody(whole, coding, TEXT.length)).toEqual(TEXT);
      expect(decodeBody(whole, coding, TEXT.length - 1)).toBeNull();
    });

    test("that unfolds a thousandfold is given up", () => {
      expect(decodeBody(encode(Buffer.alloc(8 * ENOUGH)), coding, ENOUGH)).toBeNull();
    });

    test.each<[string, Buffer]>([
      ["text", Buffer.from("sk_live_behind_the_end")],
      ["zeros", Buffer.alloc(4)],
    ])("with %s behind its end is unreadable, because that would be passed on unseen", (_what, more) => {
      expect(decodeBody(Buffer.concat([encode(TEXT), more]), coding, ENOUGH)).toBeNull();
    });

    test("with a second one behind it is read whole or not at all", () => {
      const decoded = decodeBody(Buffer.concat([encode(TEXT), encode(TEXT)]), coding, ENOUGH);
      expect(decoded === null || Buffer.concat([TEXT, TEXT]).equals(decoded)).toBe(true);
    });

    test("of nothing at all is nothing: an answer without a body may name a coding", () => {
      expect(decodeBody(new Uint8Array(0), coding, ENOUGH)).toEqual(new Uint8Array(0));
    });
  },
);

describe("without a coding the very bytes come back", () => {
  test.each<string | undefined>([undefined, "", "identity", "Identity", " identity ", "identity, identity", ","])(
    "%j",
    (coding) => {
      expect(decodeBody(TEXT, coding, 1)).toBe(TEXT);
    },
  );
});

describe("a list of codings", () => {
  test("is undone from its last", () => {
    const body = gzipSync(brotliCompressSync(TEXT));
    expect(decodeBody(body, "br, gzip", ENOUGH)).toEqual(TEXT);
    expect(decodeBody(body, "BR,GZIP", ENOUGH)).toEqual(TEXT);
    expect(decodeBody(body, "gzip, br", ENOUGH)).toBeNull();
  });

  test("is bounded at every step, also where the end would be small", () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(64 * ENOUGH), { level: constants.Z_BEST_COMPRESSION }));
    expect(decodeBody(bomb, "gzip, gzip", ENOUGH)).toBeNull();
  });

  test("of three is not undone", () => {
    expect(decodeBody(TEXT, "identity, identity, identity", ENOUGH)).toBeNull();
  });
});

describe("unreadable is", () => {
  test.each<[string, string, Buffer]>([
    ["an unknown coding", "compress", TEXT],
    ["an unknown coding behind a known one", "gzip, exi", gzipSync(TEXT)],
    ["two codings with a space between", "gzip br", gzipSync(TEXT)],
    ["plain text that claims to be gzip", "gzip", TEXT],
    ["plain text that claims to be brotli", "br", TEXT],
    ["another coding than the one named", "br", gzipSync(TEXT)],
    ["gzip whose checksum is wrong", "gzip", flipped(gzipSync(TEXT), -6)],
  ])("%s", (_what, coding, body) => {
    expect(decodeBody(body, coding, ENOUGH)).toBeNull();
  });

  test("nothing of noise: it decodes or it is null, and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom("gzip", "deflate", "br", "zstd"), (bytes, coding) => {
        const decoded = decodeBody(bytes, coding, 256);
        expect(decoded === null || decoded.length <= 256).toBe(true);
      }),
    );
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}
