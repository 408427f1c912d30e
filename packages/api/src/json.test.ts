import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BODY_BYTES_MAX, readBody, readJson, TOO_BIG, type JsonRead } from "./json.ts";

function read(text: string): JsonRead {
  return readJson(new TextEncoder().encode(text));
}

describe("what is read", () => {
  test("whatever JSON can say comes back as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test("what is accepted means the same to the platform's reader, and what that refuses is refused", () => {
    const text = fc
      .tuple(
        fc.jsonValue({ maxDepth: 3 }),
        fc.nat(),
        fc.nat(4),
        fc.constantFrom("", '"', "\\", ",", "}", "0", "e", "-", " ", "\u0000"),
      )
      .map(([value, at, cut, put]) => {
        const whole = JSON.stringify(value);
        const from = at % (whole.length + 1);
        return whole.slice(0, from) + put + whole.slice(from + cut);
      });
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (candidate) => {
        const mine = read(candidate);
        // Minus nothing is nothing here.
        const theirs = (): unknown => JSON.parse(candidate, (_key, value: unknown) => (value === 0 ? 0 : value));
        if (mine.ok) expect(mine.value).toEqual(theirs());
        else expect(mine.problem).toMatch(/\.$/);
      }),
      { numRuns: 1_000 },
    );
  });

  test("whatever the bytes are, there is an answer", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readJson(bytes)));
  });

  test("__proto__ is a key like any other", () => {
    const made = read('{"__proto__": {"admin": true}}');
    expect(made.ok && Object.keys(made.value as object)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  test.each([
    ["1.50", 1.5],
    ["15e-1", 1.5],
    ["0.1", 0.1],
    ["-0", 0],
    ["0e5", 0],
    ["1E3", 1000],
    ["100000000000000000000", 1e20],
    ["9007199254740992", 2 ** 53],
    ["5e-324", 5e-324],
  ])("the number %s is %d", (text, value) => {
    expect(read(text)).toEqual({ ok: true, value });
  });

  test("a byte order mark is skipped", () => {
    expect(read("\ufeff1")).toEqual({ ok: true, value: 1 });
  });
});

describe("what is refused, and how", () => {
  test.each<[string, RegExp]>([
    ['{"a":1,"a":2}', /"a" comes twice/],
    ['{"a":1,"\\u0061":2}', /"a" comes twice/],
    ['[{"x":{"a":1,"a":1}}]', /"a" comes twice/],
    ["NaN", /NaN is not JSON/],
    ["[-Infinity]", /-Infinity is not JSON/],
    ["undefined", /undefined is not JSON/],
    ["1e999", /too big/],
    ["9007199254740993", /more digits/],
    ["0.10000000000000000555", /more digits/],
    ["1e-400", /more digits/],
    ["01", /follows/],
    ["1.", /follows/],
    [".5", /not expected/],
    ["+1", /not expected/],
    ["0x10", /follows/],
    ["'a'", /not expected/],
    ['{"a":1,}', /not expected/],
    ["[1,]", /not expected/],
    ["{a:1}", /not expected/],
    ["[1", /ends in the middle/],
    ['"\\ud83d"', /surrogate/],
    ['"\\x41"', /escape/],
    ['"a\nb"', /control character/],
    ["truely", /follows/],
    ["", /ends in the middle/],
    ["{} // done", /follows/],
    ["\u00a01", /not expected/],
    ["[".repeat(18) + "]".repeat(18), /deeper/],
  ])("%s", (text, problem) => {
    const made = read(text);
    expect(made.ok).toBe(false);
    expect(made.ok ? "" : made.problem).toMatch(problem);
  });

  test("bytes that are not UTF-8", () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0xaf, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ])
      expect(readJson(Uint8Array.from(bytes))).toEqual({ ok: false, problem: "The body is not valid UTF-8." });
  });

  test("a duplicate with a name as long as a book is named in part", () => {
    const name = "x".repeat(10_000);
    const made = read(`{"${name}":1,"${name}":2}`);
    expect(made.ok ? "" : made.problem.length).toBeLessThan(200);
  });

  test("a number of as many digits as fit is refused at once, not compared for seconds", () => {
    const digits = `0.1${"0".repeat(BODY_BYTES_MAX - 10)}1`;
    const started = performance.now();
    expect(read(digits).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(300);
  });
});

describe("a request's body", () => {
  const body = (content: string | null, headers: Record<string, string> = {}): Promise<JsonRead> =>
    readBody(new Request("http://localhost", { method: "POST", headers, body: content }));

  test("at the limit it is read, beyond it is not", async () => {
    expect(await body(`"${"x".repeat(BODY_BYTES_MAX - 2)}"`)).toMatchObject({ ok: true });
    expect(await body(`"${"x".repeat(BODY_BYTES_MAX - 1)}"`)).toEqual({ ok: false, problem: TOO_BIG });
  });

  test("a letter cut in two by the network is one letter", async () => {
    const bytes = new TextEncoder().encode('"é"');
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const request = new Request("http://localhost", { method: "POST", body: stream, duplex: "half" });
    expect(await readBody(request)).toEqual({ ok: true, value: "é" });
  });

  test("one that breaks off, is compressed or is not there is refused", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("reset"));
      },
    });
    const request = new Request("http://localhost", { method: "POST", body: broken, duplex: "half" });
    expect(await readBody(request)).toMatchObject({ ok: false, problem: expect.stringContaining("ended before") });
    expect(await body("{}", { "content-encoding": "br" })).toMatchObject({ ok: false });
    expect(await body("{}", { "content-encoding": "identity" })).toMatchObject({ ok: true });
    expect(await body(null)).toMatchObject({ ok: false });
    expect(await body("")).toMatchObject({ ok: false });
  });
});
