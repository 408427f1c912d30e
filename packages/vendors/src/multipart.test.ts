import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMultipart, readMultipart } from "./multipart.ts";

const TYPE = "multipart/form-data; boundary=----b1";

/** The pairs, or the sentence against them. */
function read(
  body: string | Uint8Array,
  type = TYPE,
  more: Readonly<Record<string, string>> = {},
): string | [string, string][] {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const result = readMultipart(new Map(Object.entries({ "content-type": type, ...more })), bytes);
  return result.kind === "ambiguous" ? result.why : result.pairs.map(({ name, value }) => [name, value]);
}

function part(headers: string, value: string): string {
  return `------b1\r\n${headers}\r\n\r\n${value}\r\n`;
}

const field = (name: string, value: string): string => part(`Content-Disposition: form-data; name="${name}"`, value);
const END = "------b1--";

describe("a body of plain fields is read", () => {
  it.each<[string, string, [string, string][]]>([
    ["with one field", field("amount", "100") + END, [["amount", "100"]]],
    [
      "with several, in order, also of one name",
      `${field("a[]", "1")}${field("a[]", "2")}${field("b", "")}${END}\r\n`,
      [
        ["a[]", "1"],
        ["a[]", "2"],
        ["b", ""],
      ],
    ],
    ["with lines in a value", field("a", "\r\nx\r\n\r\ny\n") + END, [["a", "\r\nx\r\n\r\ny\n"]]],
    ["with dashes in a value", field("a", "--b1 -- ----b") + END, [["a", "--b1 -- ----b"]]],
    ["with other letters in a value", field("a", "é😀") + END, [["a", "é😀"]]],
    [
      "with a type that says what it is anyway",
      part('content-type: text/plain; charset=UTF-8\r\ncontent-disposition: form-data; name="a"', "1") + END,
      [["a", "1"]],
    ],
    ["when it is empty", "", []],
  ])("%s", (_, body, pairs) => {
    expect(read(body)).toEqual(pairs);
  });

  it("as the web's own FormData writes it", async () => {
    const form = new FormData();
    form.append("amount", "100");
    form.append("metadata[a b]", "x\r\ny");
    const response = new Response(form);
    const type = response.headers.get("content-type") ?? "";
    expect(isMultipart(new Map([["content-type", type]]))).toBe(true);
    expect(read(new Uint8Array(await response.arrayBuffer()), type)).toEqual([
      ["amount", "100"],
      ["metadata[a b]", "x\r\ny"],
    ]);
  });
});

describe("a body that two readers could read differently is refused:", () => {
  it.each<[string, string, RegExp]>([
    ["text before the first boundary", `x\r\n${field("a", "1")}${END}`, /before its first/],
    ["a line break before the first boundary", `\r\n${field("a", "1")}${END}`, /before its first/],
    ["text after the last boundary", `${field("a", "1")}${END}\r\nx`, /after its last/],
    ["fields after the last boundary", `${field("a", "1")}${END}\r\n${field("a", "2")}${END}`, /boundary/],
    ["no end", field("a", "1"), /no end/],
    ["half an end", `${field("a", "1")}------b1-`, /no end/],
    ["no part", END, /no part/],
    ["a boundary in a value", field("a", "1\n------b1\nb") + END, /not alone in its line/],
    ["a boundary that begins like it", field("a", "------b1x") + END, /without an end/],
    [
      "blanks behind a boundary",
      `------b1 \r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n${END}`,
      /not alone/,
    ],
    ["bare line feeds", `------b1\nContent-Disposition: form-data; name="a"\n\n1\n${END}`, /not alone/],
    [
      "bare line feeds in the headers",
      part('Content-Disposition: form-data; name="a"\nX: y', "1") + END,
      /plain ASCII/,
    ],
    ["a header that goes on", part('Content-Disposition: form-data;\r\n name="a"', "1") + END, /header/],
    [
      "a header twice",
      part('Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"', "1") + END,
      /header/,
    ],
    [
      "a type twice",
      part('Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain\r\nContent-Type: text/plain', "1") +
        END,
      /header/,
    ],
    ["a name twice", part('Content-Disposition: form-data; name="a"; name="b"', "1") + END, /header/],
    ["a name in another form", part("Content-Disposition: form-data; name*=utf-8''a", "1") + END, /header/],
    ["a bare name", part("Content-Disposition: form-data; name=a", "1") + END, /header/],
    ["no name", part("Content-Disposition: form-data", "1") + END, /header/],
    ["an empty name", part('Content-Disposition: form-data; name=""', "1") + END, /without a name/],
    ["another disposition", part('Content-Disposition: attachment; name="a"', "1") + END, /header/],
    ["no disposition", part("Content-Type: text/plain", "1") + END, /without a name/],
    ["no headers", `------b1\r\n\r\n1\r\n${END}`, /without headers/],
    [
      "no blank line",
      `------b1\r\nContent-Disposition: form-data; name="a"\r\n${END}`,
      /without headers|without an end/,
    ],
    [
      "a blank line that is the boundary's",
      `------b1\r\nContent-Disposition: form-data; name="a"\r\n\r\n${END}`,
      /without an end/,
    ],
    ["an escaped quote in a name", part('Content-Disposition: form-data; name="a\\"b"', "1") + END, /header|same way/],
    ["a backslash in a name", part('Content-Disposition: form-data; name="a\\b"', "1") + END, /same way/],
    ["a percent sign in a name", part('Content-Disposition: form-data; name="a%5B0%5D"', "1") + END, /same way/],
    ["a semicolon in a name", part('Content-Disposition: form-data; name="a;b"', "1") + END, /same way/],
    ["other letters in a name", part('Content-Disposition: form-data; name="é"', "1") + END, /plain ASCII/],
    ["a file", part('Content-Disposition: form-data; name="a"; filename="f.txt"', "1") + END, /has a file/],
    [
      "a file of an extended name",
      part("Content-Disposition: form-data; name=\"a\"; filename*=utf-8''f", "1") + END,
      /has a file/,
    ],
    [
      "a type of its own",
      part('Content-Disposition: form-data; name="a"\r\nContent-Type: application/json', "1") + END,
      /header/,
    ],
    [
      "parts in a part",
      part('Content-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=c', "1") + END,
      /header/,
    ],
    [
      "another charset",
      part('Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=utf-16', "1") + END,
      /header/,
    ],
    [
      "another encoding",
      part('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64', "MQ==") + END,
      /header/,
    ],
    ["a control character", field("a", "1\u0000") + END, /control character/],
    ["a name that is too long", field("a".repeat(513), "1") + END, /more than 512/],
    ["too many", field("a", "1").repeat(1_001) + END, /more than 1000/],
  ])("%s", (_, body, why) => {
    expect(read(body)).toMatch(why);
  });

  it.each([
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary="----b1"',
    "multipart/form-data; boundary=----b1; boundary=c",
    "multipart/form-data; boundary=----b1; charset=utf-8",
    "multipart/form-data; charset=utf-8; boundary=----b1",
    "multipart/form-data; boundary=a b",
    "multipart/form-data; boundary=a:b",
    `multipart/form-data; boundary=${"b".repeat(71)}`,
    "multipart/mixed; boundary=----b1",
  ])("the type %s", (type) => {
    expect(read(field("a", "1") + END, type)).toMatch(/one plain boundary/);
  });

  it("a compressed one, and bytes that are no text", () => {
    expect(read(field("a", "1") + END, TYPE, { "content-encoding": "gzip" })).toMatch(/compressed/);
    expect(read(Uint8Array.from([0x2d, 0xff]))).toMatch(/not valid UTF-8/);
  });
});

it("only multipart/form-data is one of these", () => {
  for (const type of ["multipart/form-data", "Multipart/Form-Data; boundary=x"])
    expect(isMultipart(new Map([["content-type", type]]))).toBe(true);
  for (const type of ["multipart/mixed; boundary=x", "application/x-www-form-urlencoded", "multipart/form-datax", ""])
    expect(isMultipart(new Map([["content-type", type]]))).toBe(false);
  expect(isMultipart(new Map())).toBe(false);
});

it("whatever is accepted is what the platform's own reader makes of it", async () => {
  const piece = fc.constantFrom("a", "1", "\r\n", "\n", "--", "------b1", " ", ";", '"', "name=", "é", "%", "\\", ":");
  const soup = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
  const fields = fc.array(fc.tuple(fc.oneof(fc.constantFrom("a", "b[c]", "d[]"), soup), soup), {
    minLength: 1,
    maxLength: 3,
  });
  const body = fc
    .tuple(fields, fc.constantFrom(END, `${END}\r\n`, "", `${END}x`))
    .map(([pairs, end]) => pairs.map(([name, value]) => field(name, value)).join("") + end);
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const ours = read(text);
      if (typeof ours === "string") return;
      accepted += 1;
      const theirs = await new Response(text, { headers: { "content-type": TYPE } }).formData();
      expect(ours).toEqual([...theirs]);
    }),
    { numRuns: 3_000 },
  );
  expect(accepted).toBeGreaterThan(300);
});
