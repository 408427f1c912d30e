import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const SECRET = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";
const IN_BASIC = "c2tfdGVzdF80ZUMzOUhxTHlqV0Rhcmp0VDF6ZHA3ZGM6";
const redactor = createRedactor([SECRET, IN_BASIC]);

/** The whole of a streamed body, cut at these places. */
function streamed(needles: readonly string[], body: Uint8Array, cuts: readonly number[]): Buffer {
  const stream = createRedactor(needles).stream();
  const out: Uint8Array[] = [];
  let from = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), body.length]) {
    const to = Math.max(from, Math.min(cut, body.length));
    out.push(Uint8Array.from(stream.push(body.subarray(from, to))));
    from = to;
  }
  out.push(stream.end());
  return Buffer.concat(out);
}

describe("where there is nothing to hide", () => {
  const body = Buffer.from("sk_test_4eC39HqLyjWDarjtT1zdp7d and nothing more");

  test("the very same string comes back, and the very same bytes", () => {
    expect(redactor.text(body.toString())).toBe(body.toString());
    expect(redactor.bytes(body)).toBe(body);
    const plain = new Uint8Array(body);
    expect(redactor.bytes(plain)).toBe(plain);
  });

  test("a stream gives every byte, and found nothing", () => {
    const stream = redactor.stream();
    expect(Buffer.concat([stream.push(body), stream.end()])).toEqual(body);
    expect(stream.found).toBe(false);
  });

  test("without a secret everything passes", () => {
    for (const needles of [[], [""]]) {
      const none = createRedactor(needles);
      expect(none.text("a")).toBe("a");
      expect(none.bytes(body)).toBe(body);
      expect(streamed(needles, body, [3])).toEqual(body);
    }
  });
});

describe("a secret", () => {
  test.each<[string, string, string]>([
    ["alone", SECRET, "[redacted]"],
    ["in a sentence", `No such key: ${SECRET}.`, "No such key: [redacted]."],
    ["twice", `${SECRET} ${SECRET}`, "[redacted] [redacted]"],
    ["twice with nothing between", SECRET + SECRET, "[redacted][redacted]"],
    ["in its other form", `Authorization: Basic ${IN_BASIC}`, "Authorization: Basic [redacted]"],
    ["in both forms", `${IN_BASIC}:${SECRET}`, "[redacted]:[redacted]"],
    ["behind its own beginning", `sk_test_${SECRET}`, "sk_test_[redacted]"],
    ["with $& before it", `$&${SECRET}`, "$&[redacted]"],
  ])("%s is replaced in text and in bytes", (_where, text, expected) => {
    expect(redactor.text(text)).toBe(expected);
    expect(Buffer.from(redactor.bytes(Buffer.from(text))).toString()).toBe(expected);
  });

  test("leaves every byte around it as it was, also those that are not UTF-8", () => {
    const around = Buffer.from([0xff, 0x00, 0xc3]);
    const clean = redactor.bytes(Buffer.concat([around, Buffer.from(SECRET), around]));
    expect(Buffer.from(clean)).toEqual(Buffer.concat([around, Buffer.from("[redacted]"), around]));
  });

  test("is found in a part of a larger buffer, and only that part is looked at", () => {
    const large = Buffer.from(`${SECRET}|${SECRET}|${SECRET}`);
    const part = new Uint8Array(large.buffer, large.byteOffset + SECRET.length + 1, SECRET.length);
    expect(Buffer.from(redactor.bytes(part)).toString()).toBe("[redacted]");
    expect(large.toString()).toBe(`${SECRET}|${SECRET}|${SECRET}`);
  });

  test("is replaced in a copy: the bytes that came are not touched", () => {
    const body = Buffer.from(SECRET);
    redactor.bytes(body);
    redactor.stream().push(body);
    expect(body.toString()).toBe(SECRET);
  });

  test("inside a longer form goes with the whole of it", () => {
    const nested = createRedactor(["kabc", `Bearer kabc`, "kabcdef"]);
    expect(nested.text("Bearer kabc, kabcdef, kabc")).toBe("[redacted], [redacted], [redacted]");
    expect(Buffer.from(nested.bytes(Buffer.from("Bearer kabc, kabcdef"))).toString()).toBe("[redacted], [redacted]");
  });
});

describe("a stream", () => {
  test("goes out in pieces whose sizes tell nothing: as much is held back whether or not it begins a secret", () => {
    const sizes = (ending: string): number[] => {
      const stream = redactor.stream();
      const pieces = [`${"x".repeat(300)}${ending}`, "y".repeat(200), "", "z"].map((text) =>
        stream.push(Buffer.from(text)),
      );
      return [...pieces, stream.end(), stream.end()].map((piece) => piece.length);
    };
    const right = sizes(SECRET.slice(0, 12));
    const wrong = sizes("#".repeat(12));
    expect(right).toEqual(wrong);
    expect(right.reduce((sum, size) => sum + size, 0)).toBe(300 + 12 + 200 + 1);
    expect(right[0]).toBeGreaterThan(0);
  });

  test("blanks a secret cut into single bytes, with as many bytes", () => {
    const stream = redactor.stream();
    const out: Uint8Array[] = [];
    for (const byte of Buffer.from(`a${SECRET}b`)) out.push(Uint8Array.of(...stream.push(Uint8Array.of(byte))));
    expect(stream.found).toBe(true);
    out.push(stream.end());
    expect(Buffer.concat(out).toString()).toBe(`a[redacted]${"*".repeat(SECRET.length - 10)}b`);
  });

  test("blanks secrets shorter than the word that replaces them", () => {
    expect(streamed(["hunter2"], Buffer.from("hunter2hunter2!"), []).toString()).toBe("[redact[redact!");
  });

  test("of its own for every body: what one holds back never shows in another", () => {
    const [first, second] = [redactor.stream(), redactor.stream()];
    const [beginning, rest] = [SECRET.slice(0, 20), SECRET.slice(20)];
    first.push(Buffer.from(beginning));
    expect(Buffer.concat([second.push(Buffer.from(rest)), second.end()]).toString()).toBe(rest);
    expect(Buffer.from(first.end()).toString()).toBe(beginning);
  });
});

describe("whatever the secrets, the body and the cuts", () => {
  // Few letters, so that secrets overlap each other, themselves and the cuts; no letter of the replacement.
  const needle = fc.string({ unit: fc.constantFrom("x", "y", "Z"), minLength: 1, maxLength: 6 });
  const needles = fc.array(needle, { minLength: 1, maxLength: 4 });
  const noise = fc.string({ unit: fc.constantFrom("x", "y", "Z", " "), maxLength: 6 });
  const world = needles.chain((all) =>
    fc.record({
      needles: fc.constant(all),
      body: fc.array(fc.oneof(fc.constantFrom(...all), noise), { maxLength: 12 }).map((parts) => parts.join("")),
      cuts: fc.array(fc.nat(60), { maxLength: 12 }),
    }),
  );
  const RUNS = { numRuns: 2_000 };

  test("no secret is left in text", () => {
    fc.assert(
      fc.property(world, ({ needles, body }) => {
        const clean = createRedactor(needles).text(body);
        for (const each of needles) expect(clean).not.toContain(each);
      }),
      RUNS,
    );
  });

  test("no secret is left in bytes, and they say the same as the text", () => {
    fc.assert(
      fc.property(world, ({ needles, body }) => {
        const own = createRedactor(needles);
        expect(Buffer.from(own.bytes(Buffer.from(body))).toString()).toBe(own.text(body));
      }),
      RUNS,
    );
  });

  test("no secret is left in a stream, whose length is the one that was promised", () => {
    fc.assert(
      fc.property(world, ({ needles, body, cuts }) => {
        const clean = streamed(needles, Buffer.from(body), cuts);
        for (const each of needles) expect(clean.toString()).not.toContain(each);
        expect(clean.length).toBe(body.length);
      }),
      RUNS,
    );
  });

  test("a stream tells whether it found one, and changes nothing if it did not", () => {
    fc.assert(
      fc.property(world, ({ needles, body, cuts }) => {
        const stream = createRedactor(needles).stream();
        stream.push(Buffer.from(body));
        const holdsOne = needles.some((each) => body.includes(each));
        expect(stream.found).toBe(holdsOne);
        if (!holdsOne) expect(streamed(needles, Buffer.from(body), cuts).toString()).toBe(body);
      }),
      RUNS,
    );
  });

  test("the bytes that came are never written to", () => {
    fc.assert(
      fc.property(world, ({ needles, body, cuts }) => {
        const bytes = Buffer.from(body);
        streamed(needles, bytes, cuts);
        createRedactor(needles).bytes(bytes);
        expect(bytes.toString()).toBe(body);
      }),
    );
  });
});
