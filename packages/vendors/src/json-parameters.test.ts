import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JSON_LIMITS, readJsonParameters } from "./json-parameters.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function pairsOf(text: string): readonly (readonly [string, string])[] {
  const read = readJsonParameters(utf8(text));
  if (read.kind === "ambiguous") throw new Error(read.why);
  return [...read.parameters];
}

function whyNot(body: string | Uint8Array): string | null {
  const read = readJsonParameters(typeof body === "string" ? utf8(body) : body);
  return read.kind === "ambiguous" ? read.why : null;
}

describe("a JSON body", () => {
  it("is one flat set, named as forms name it", () => {
    expect(pairsOf(' {"a": {"b": [1, {"c": "x"}]}, "d": "e" } ')).toEqual([
      ["a[b][0]", "1"],
      ["a[b][1][c]", "x"],
      ["d", "e"],
    ]);
  });

  it("may be a list at the top", () => {
    expect(pairsOf('[{"to": ["a", "b"]}, {"to": "c"}]')).toEqual([
      ["[0][to][0]", "a"],
      ["[0][to][1]", "b"],
      ["[1][to]", "c"],
    ]);
  });

  it("keeps a number's own digits, because 64-bit floats do not", () => {
    expect(pairsOf('{"a": 9007199254740993, "b": 1.50, "c": -0.10}')).toEqual([
      ["a", "9007199254740993"],
      ["b", "1.50"],
      ["c", "-0.10"],
    ]);
  });

  it("lets no name go unseen, whatever its value", () => {
    expect(pairsOf('{"a": null, "b": {}, "c": [], "d": true, "e": [{}, []], "f": ""}')).toEqual([
      ["a", ""],
      ["b", ""],
      ["c", ""],
      ["d", "true"],
      ["e[0]", ""],
      ["e[1]", ""],
      ["f", ""],
    ]);
  });

  it("has no parameters where it is empty", () => {
    expect(pairsOf("")).toEqual([]);
    expect(pairsOf("{}")).toEqual([]);
    expect(pairsOf("[]")).toEqual([]);
  });

  it("decodes escapes in names and texts", () => {
    expect(pairsOf(String.raw`{"\u0061mount": "\"\\\/\b\f\n\r\t\ud83d\ude00"}`)).toEqual([
      ["amount", '"\\/\b\f\n\r\t\u{1f600}'],
    ]);
  });
});

describe("what two readers could read differently", () => {
  it.each([
    ["a name twice", '{"amount": 1, "amount": 2}', '"amount" twice'],
    ["a name twice, once escaped", String.raw`{"amount": 1, "\u0061mount": 2}`, '"amount" twice'],
    ["a name twice, deep inside", '{"a": [{"b": {"c": 1, "c": 2}}]}', '"a[0][b][c]" twice'],
    ["an exponent", '{"a": 1e3}', "plain digits"],
    ["a leading zero", '{"a": 01}', "plain digits"],
    ["a plus", '{"a": +1}', "plain digits"],
    ["a bare point", '{"a": .5}', "plain digits"],
    ["a point without digits", '{"a": 1.}', "plain digits"],
    ["a hexadecimal number", '{"a": 0x10}', "valid JSON"],
    ["a number too long for anybody", `{"a": ${"9".repeat(65)}}`, "64 digits"],
    ["not a number", '{"a": NaN}', "valid JSON"],
    ["a comment", '{"a": 1 /* x */}', "valid JSON"],
    ["a comma too many", '{"a": 1,}', "valid JSON"],
    ["a comma too many in a list", '{"a": [1,]}', "valid JSON"],
    ["single quotes", "{'a': 1}", "valid JSON"],
    ["a bare name", "{a: 1}", "valid JSON"],
    ["a control character in a text", '{"a": "\u0000"}', "valid JSON"],
    ["a line break in a text", '{"a": "x\ny"}', "valid JSON"],
    ["an escape cut short", String.raw`{"a": "\u00e"}`, "valid JSON"],
    ["an escape with another digit", String.raw`{"a": "\u00eg"}`, "valid JSON"],
    ["a text that ends in a backslash", String.raw`{"a": "b\"}`, "valid JSON"],
    ["a text that ends in an escape", String.raw`{"a": "\u00`, "valid JSON"],
    ["a capital in an escape", String.raw`{"a": "\N"}`, "valid JSON"],
    ["an unknown escape", String.raw`{"a": "\x41"}`, "valid JSON"],
    ["something behind it", '{"a": 1} {"a": 2}', "after its JSON"],
    ["a byte order mark", '\ufeff{"a": 1}', "neither an object nor a list"],
    ["a bare text", '"a"', "neither an object nor a list"],
    ["blanks alone", "  ", "neither an object nor a list"],
    ["brackets in a name", '{"a[b]": 1}', '"a[b]"'],
    ["an empty name", '{"": 1}', '""'],
    ["a name that is an object's own in some languages", '{"__proto__": {"a": 1}}', '"__proto__"'],
    ["half a surrogate pair in a name", String.raw`{"\ud83d": 1}`, "not every reader"],
    ["a control character in a name", String.raw`{"a\u0000": 1}`, "not every reader"],
    ["a name too long", `{"${"a".repeat(513)}": 1}`, "512"],
    ["an end too early", '{"a": [1', "valid JSON"],
    ["an unfinished text", '{"a": "b', "valid JSON"],
    ["a word that goes on", '{"a": trueish}', "valid JSON"],
  ])("is refused: %s", (_, body, words) => {
    expect(whyNot(body)).toContain(words);
  });

  it("is refused: bytes that are no UTF-8", () => {
    expect(whyNot(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toContain("UTF-8");
  });
});

describe("limits", () => {
  it("hold for how deep and how much", () => {
    const { depthMax, valuesMax } = JSON_LIMITS;
    const nested = (depth: number): string => `${"[".repeat(depth)}1${"]".repeat(depth)}`;
    expect(whyNot(nested(depthMax))).toBeNull();
    expect(whyNot(nested(depthMax + 1))).toContain("deep");
    expect(whyNot("[".repeat(100_000))).toContain("deep");
    const many = (count: number): string => `[${Array.from({ length: count }, () => "1").join(",")}]`;
    expect(whyNot(many(valuesMax))).toBeNull();
    expect(whyNot(many(valuesMax + 1))).toContain(String(valuesMax));
  });

  it.each([
    ["a line break", String.raw`\n`],
    ["a quote", String.raw`\"`],
    ["a backslash", String.raw`\\`],
    ["a letter and a line break", String.raw`a\n`],
    ["a number", String.raw`\u0142`],
  ])("do not hinder a long text, however many escapes it has: %s", (_, piece) => {
    const text = piece.repeat(1_000_000);
    expect(pairsOf(`{"a": "${text}"}`)).toEqual([["a", JSON.parse(`"${text}"`)]]);
  });

  it("are found without reading all of what is too long", () => {
    const long = 2_000_000;
    expect(whyNot(`{"a": ${"1".repeat(long)}e1}`)).toContain("64 digits");
    expect(whyNot(`{"a": ${"n".repeat(long)}}`)).toContain("valid JSON");
    expect(whyNot(`{"${String.raw`\n`.repeat(long)}": 1}`)).toContain("512");
    expect(pairsOf(`{"a":${" \t\r\n".repeat(long / 4)}1}`)).toEqual([["a", "1"]]);
  });
});

describe("any JSON", () => {
  const flat = (value: unknown, name: string): [string, string][] => {
    const entries =
      typeof value === "object" && value !== null
        ? Object.entries(value).map(([key, inner]): [string, unknown] => [
            Array.isArray(value) || name !== "" ? `${name}[${key}]` : key,
            inner,
          ])
        : [];
    if (entries.length > 0) return entries.flatMap(([inner, each]) => flat(each, inner));
    if (name === "") return [];
    return [[name, typeof value === "string" ? value : typeof value === "object" ? "" : JSON.stringify(value)]];
  };
  const name = fc.stringMatching(/^[a-zA-Z_ .-]{1,8}$/);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(name, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));

  it("means what JSON.parse makes of it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(tree), fc.dictionary(name, tree, { noNullPrototype: true })), (json) => {
        expect(pairsOf(JSON.stringify(json))).toEqual(flat(json, ""));
      }),
    );
  });

  it("never throws, and believes nothing that JSON.parse does not", () => {
    const bits = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "a",
      "\\",
      "1",
      "-",
      ".",
      "e",
      "null",
      " ",
      "\ud800",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(bits).map((each) => each.join("")),
          fc.string(),
        ),
        (text) => {
          const bytes = utf8(text);
          const read = readJsonParameters(bytes);
          if (read.kind === "parameters" && bytes.length > 0) JSON.parse(new TextDecoder().decode(bytes));
        },
      ),
    );
  });
});
