import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeUtf8,
  FORM_NAME_CHARS_MAX,
  FORM_PAIRS_MAX,
  formBodyProblem,
  quoted,
  readFormBody,
  readFormQuery,
} from "./form.ts";
import type { FormRead } from "./form.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const pairsOf = (read: FormRead): string[] | string =>
  read.kind === "ambiguous" ? read.why : read.pairs.map(({ name, value }) => `${name}: ${value}`);

describe("a form is read", () => {
  it.each([
    ["where there is none", "", []],
    ["with one pair", "amount=100", ["amount: 100"]],
    ["in order, names that come twice included", "b=1&a=2&b=3", ["b: 1", "a: 2", "b: 3"]],
    [
      "with brackets as SDKs send them, bare or encoded",
      "a[b]=1&a%5Bc%5D=2&a%5bd%5d=3",
      ["a[b]: 1", "a[c]: 2", "a[d]: 3"],
    ],
    ["with a space written in either way", "a=x+y&b=x%20y&c+d=1", ["a: x y", "b: x y", "c d: 1"]],
    ["with a plus that is meant", "a=%2B49", ["a: +49"]],
    ["with an equals sign in the value", "a=b=c&d==", ["a: b=c", "d: ="]],
    ["with an empty value, which unsets", "a=&b=1", ["a: ", "b: 1"]],
    ["past the nothing between two ampersands", "&a=1&&b=2&", ["a: 1", "b: 2"]],
    ["once and not twice", "a=%2525&b=%255B", ["a: %25", "b: %5B"]],
    ["with a semicolon that is encoded", "a=1%3Bb=2", ["a: 1;b=2"]],
    ["with any letter", "a=%C3%A4%F0%9F%98%80", ["a: ä😀"]],
    ["with lines and tabs in a value", "a=1%0A2%0D%0A%093", ["a: 1\n2\r\n\t3"]],
  ])("%s", (_, text, expected) => {
    expect(pairsOf(readFormQuery(text))).toEqual(expected);
    expect(pairsOf(readFormBody(bytes(text)))).toEqual(expected);
  });

  it("from a body with letters that are not encoded, which a query may not have", () => {
    expect(pairsOf(readFormBody(bytes("a=ä b")))).toEqual(["a: ä b"]);
    expect(pairsOf(readFormQuery("a=ä"))).toMatch(/percent-encoded/);
  });
});

describe("a form is ambiguous", () => {
  it.each<[string, string, RegExp]>([
    ["with a bare semicolon, which some take for an ampersand", "a=1;amount=2", /semicolon/],
    ["with a name and no equals sign", "amount", /"amount" without an equals sign/],
    ["with a value and no name", "=100", /without a name/],
    ["with half an escape", "a=%", /invalid percent-escape/],
    ["with an escape that is none", "a=%zz", /invalid percent-escape/],
    ["with an escape that is none in a name", "%4=1", /name with an invalid/],
    ["with an overlong slash", "a=%C0%AF", /invalid UTF-8/],
    ["with half a surrogate", "a=%ED%A0%80", /invalid UTF-8/],
    ["with a byte that begins nothing", "a=%FF", /invalid UTF-8/],
    ["with a zero byte in a name", "amount%00=1", /control character/],
    ["with a zero byte in a value", "amount=1%00", /"amount" has a control character/],
    ["with a line break in a name", "a%0Ab=1", /control character/],
    ["with a DEL", "a=%7F", /control character/],
    ["with a name that is too long", `${"a".repeat(FORM_NAME_CHARS_MAX + 1)}=1`, /more than 512/],
    ["with too many pairs", "a=1&".repeat(FORM_PAIRS_MAX + 1), /more than 1000/],
  ])("%s", (_, text, why) => {
    expect(pairsOf(readFormQuery(text))).toMatch(why);
    expect(pairsOf(readFormBody(bytes(text)))).toMatch(why);
  });

  it.each([
    ["a space", "a=1 2"],
    ["a fragment", "a=1#b=2"],
    ["a line break", "a=1\nb=2"],
    ["a zero byte", "a=1\u0000"],
    ["a DEL", "a=\u007f"],
  ])("in a query with %s", (_, text) => {
    expect(pairsOf(readFormQuery(text))).toMatch(/percent-encoded/);
  });

  it("in a body that is not UTF-8", () => {
    expect(pairsOf(readFormBody(new Uint8Array([0x61, 0x3d, 0xff])))).toMatch(/not valid UTF-8/);
    expect(pairsOf(readFormBody(new Uint8Array([0x61, 0x3d, 0xc0, 0xaf])))).toMatch(/not valid UTF-8/);
  });

  it("up to the limit, and not before", () => {
    expect(readFormQuery("a=1&".repeat(FORM_PAIRS_MAX)).kind).toBe("pairs");
    expect(readFormQuery(`${"a".repeat(FORM_NAME_CHARS_MAX)}=1`).kind).toBe("pairs");
  });

  it("in sentences that nothing can break out of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const read = readFormBody(bytes(text));
        if (read.kind === "pairs") return;
        expect(read.why).toMatch(/^[A-Z].*\.$/);
        expect(read.why.length).toBeLessThan(200);
      }),
    );
  });
});

describe("what URLSearchParams writes", () => {
  it("is read back, whatever text it was", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            text.filter((name) => name !== ""),
            text,
          ),
          { maxLength: 6 },
        ),
        (pairs) => {
          const read = readFormQuery(new URLSearchParams(pairs).toString());
          expect(read).toEqual({ kind: "pairs", pairs: pairs.map(([name, value]) => ({ name, value })) });
        },
      ),
    );
  });

  it("and what is read at all is what URLSearchParams reads too", () => {
    const piece = fc.constantFrom(
      "a",
      "b",
      "=",
      "&",
      "+",
      "%20",
      "%2B",
      "%3D",
      "%26",
      "[",
      "]",
      "%5B",
      "%C3%A4",
      "%",
      ";",
      "1",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join("");
        const read = readFormQuery(text);
        if (read.kind === "ambiguous") return;
        expect(read.pairs.map(({ name, value }) => [name, value])).toEqual([...new URLSearchParams(text)]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a body may be a form", () => {
  const FORM = "application/x-www-form-urlencoded";

  it.each([
    ["when it says so", { "content-type": FORM }],
    ["in any capitals", { "content-type": "Application/X-WWW-Form-URLEncoded" }],
    ["with a charset that is UTF-8", { "content-type": `${FORM}; charset=utf-8` }],
    ["with that charset in capitals and quotes", { "content-type": `${FORM};charset="UTF-8"` }],
  ])("%s", (_, headers) => {
    expect(formBodyProblem(new Map(Object.entries(headers)), bytes("a=1"))).toBeNull();
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["JSON", { "content-type": "application/json" }, /"application\/json"/],
    ["JSON that claims to be a form as well", { "content-type": `application/json, ${FORM}` }, /Send application/],
    ["a form that claims to be JSON as well", { "content-type": `${FORM}, application/json` }, /Send application/],
    ["a file upload", { "content-type": "multipart/form-data; boundary=x" }, /multipart/],
    ["a file upload in capitals", { "content-type": "Multipart/Form-Data; boundary=x" }, /multipart/],
    ["plain text", { "content-type": "text/plain" }, /text\/plain/],
    ["no type", {}, /no Content-Type/],
    ["an empty type", { "content-type": "" }, /Send application/],
    ["another charset", { "content-type": `${FORM}; charset=utf-16` }, /charset=utf-16/],
    ["two charsets", { "content-type": `${FORM}; charset=utf-8; charset=utf-7` }, /charset=utf-7/],
    ["a boundary", { "content-type": `${FORM}; boundary=x` }, /boundary=x/],
    ["a compressed body", { "content-type": FORM, "content-encoding": "gzip" }, /compressed/],
  ])("but not: %s", (_, headers, why) => {
    expect(formBodyProblem(new Map(Object.entries(headers)), bytes("a=1"))).toMatch(why);
  });

  it("of nothing, whatever it says, unless it is nothing compressed", () => {
    expect(formBodyProblem(new Map(), bytes(""))).toBeNull();
    expect(formBodyProblem(new Map([["content-type", "application/json"]]), bytes(""))).toBeNull();
    expect(formBodyProblem(new Map([["content-encoding", "gzip"]]), bytes(""))).toMatch(/compressed/);
  });
});

it("a byte order mark is not dropped, because the vendor's reader may not drop it", () => {
  expect(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe("\ufeffa");
  expect(pairsOf(readFormBody(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0x3d, 0x31])))).toEqual(["\ufeffa: 1"]);
});

it("quoted text is short and in one line", () => {
  expect(quoted('a\n"b"')).toBe('"a\\n\\"b\\""');
  expect(quoted("x".repeat(61))).toBe(`"${"x".repeat(60)}..."`);
});
