import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AMOUNT_DIGITS_MAX, DEPTH_MAX, readAmount, readParameters, rootOf } from "./parameters.ts";
import { requestOf } from "./test-support.ts";

/** What a request's parameters are, or the sentence that says why nobody can tell. */
function read(
  query: string,
  body = "",
  headers: Readonly<Record<string, string>> = {},
): string | Record<string, string> {
  const request = requestOf(`POST /v1/payment_intents${query === "" ? "" : `?${query}`}`, body, headers);
  const result = readParameters(request);
  return result.kind === "ambiguous" ? result.why : Object.fromEntries(result.parameters);
}

describe("the parameters of a request are", () => {
  it.each<[string, string, string, Record<string, string>]>([
    ["none", "", "", {}],
    ["those of the body", "", "amount=100&currency=usd", { amount: "100", currency: "usd" }],
    ["those of the query, also of a POST", "amount=99999", "", { amount: "99999" }],
    ["those of both, because Stripe merges them", "amount=99999", "currency=usd", { amount: "99999", currency: "usd" }],
    ["named with brackets, encoded or not", "", "a[b][c]=1&a%5Bb%5D%5Bd%5D=2", { "a[b][c]": "1", "a[b][d]": "2" }],
    ["elements of a list, numbered", "", "expand[]=x&expand[]=y", { "expand[0]": "x", "expand[1]": "y" }],
    ["elements of a list inside a hash", "", "a[b][]=x&a[b][]=y", { "a[b][0]": "x", "a[b][1]": "y" }],
    ["elements that are numbered already", "", "a[0][b]=1&a[1][b]=2", { "a[0][b]": "1", "a[1][b]": "2" }],
    [
      "names that every object has",
      "",
      "metadata[__proto__]=1&metadata[constructor]=2",
      { ["metadata[__proto__]"]: "1", "metadata[constructor]": "2" },
    ],
    ["names with any letter inside brackets", "", "metadata[%C3%A4%20-.]=1", { "metadata[ä -.]": "1" }],
  ])("%s", (_, query, body, expected) => {
    expect(read(query, body)).toEqual(expected);
  });
});

describe("a thief cannot have two readers see two amounts:", () => {
  it.each<[string, string, string, RegExp]>([
    ["the same name twice in the body", "", "amount=1&amount=99999", /"amount" is sent twice/],
    ["the same name twice with the same value", "", "amount=1&amount=1", /sent twice/],
    ["the same name, once encoded", "", "amount=1&%61mount=2", /sent twice/],
    ["the same name in query and body", "amount=99999", "amount=1", /in the query and in the body/],
    ["a list in the query beside a value in the body", "amount[]=99999", "amount=1", /in the query and in the body/],
    ["a value and a list", "", "amount=1&amount[]=99999", /as a value and as a list/],
    ["a list and a value", "", "amount[]=99999&amount=1", /as a list and as a value/],
    ["a value and a hash", "", "amount=1&amount[value]=99999", /as a value and as a hash/],
    ["a hash and a list", "", "a[b]=1&a[]=2", /as a hash and as a list/],
    ["a list whose elements are numbered only sometimes", "", "expand[]=x&expand[0]=y", /as a list and as a hash/],
    ["one element under two spellings", "", "a[0]=x&a[00]=y", /sent twice/],
    [
      "halves of one hash in query and body, of which one would vanish",
      "a[b]=1",
      "a[c]=2",
      /in the query and in the body/,
    ],
    ["a bracket before the root, which Rack drops", "", "[amount]=99999", /not every reader splits/],
    ["a bracket after the root", "", "amount]=99999", /not every reader splits/],
    ["a bracket that is never closed", "", "amount[=99999", /not every reader splits/],
    ["a bracket that is never opened", "", "a[b]]=1", /not every reader splits/],
    ["brackets in brackets", "", "a[[b]]=1", /not every reader splits/],
    ["words behind a bracket, which Rack drops", "", "a[b]c=1", /not every reader splits/],
    ["a space before the name", "", "+amount=99999", /not every reader splits/],
    ["a space behind the name", "", "amount+=99999", /not every reader splits/],
    ["a name encoded twice", "", "amount%255B%255D=1", /not every reader splits/],
    ["a dot", "", "a.b=1", /not every reader splits/],
    ["a name in other letters", "", "%D0%B0mount=1", /not every reader splits/],
    ["a byte order mark", "", "%EF%BB%BFamount=1", /not every reader splits/],
    ["an element in the middle of a name", "", "items[][amount]=1&items[][amount]=2", /\[\] in its middle/],
    ["a method in the parameters", "", "_method=delete", /"_method" would change the method/],
    ["a method inside brackets", "", "_method[]=delete", /"_method" would change the method/],
    ["a bare semicolon", "", "amount=1;amount=99999", /semicolon/],
    ["names without values", "", "amount=1&amount", /without an equals sign/],
  ])("%s", (_, query, body, why) => {
    expect(read(query, body)).toMatch(why);
  });

  it.each<[string, string, Record<string, string>, RegExp]>([
    ["a body in JSON", '{"amount":99999}', { "content-type": "application/json" }, /application\/json/],
    ["a body in parts", "--x--", { "content-type": "multipart/form-data; boundary=x" }, /multipart/],
    ["a compressed body", "amount=1", { "content-encoding": "gzip" }, /compressed/],
    ["another charset", "amount=1", { "content-type": "application/x-www-form-urlencoded; charset=utf-16" }, /utf-16/],
    ["a method in a header", "amount=1", { "x-http-method-override": "DELETE" }, /x-http-method-override/],
    ["a method in another header", "amount=1", { "x-method-override": "GET" }, /x-method-override/],
    ["a method in a third header", "amount=1", { "x-http-method": "GET" }, /x-http-method/],
  ])("%s", (_, body, headers, why) => {
    expect(read("", body, headers)).toMatch(why);
  });

  it("a GET with a body", () => {
    expect(readParameters(requestOf("GET /v1/payment_intents", "limit=1"))).toMatchObject({ kind: "ambiguous" });
  });

  it("too much of anything", () => {
    const deep = (depth: number): string => `a${"[b]".repeat(depth - 1)}=1`;
    expect(read("", deep(DEPTH_MAX))).toEqual({ [deep(DEPTH_MAX).slice(0, -2)]: "1" });
    expect(read("", deep(DEPTH_MAX + 1))).toMatch(/nested more than 10 deep/);
    const half = Array.from({ length: 501 }, (_, n) => n);
    expect(read(half.map((n) => `a${n}=1`).join("&"), half.map((n) => `b${n}=1`).join("&"))).toMatch(/more than 1000/);
  });

  it("what is not v1 has no parameters here, and no operation either", () => {
    for (const line of ["POST /v2/core/accounts?amount=1", "POST /oauth/token?amount=1"])
      expect(readParameters(requestOf(line, '{"amount":1}'))).toEqual({ kind: "parameters", parameters: new Map() });
  });
});

// ------------------------------------------------------------------------------------------------- against Rack itself

type Tree = Map<string, Leaf>;
type Leaf = string | null | Tree | Leaf[];

/** Rack::QueryParser#parse_nested_query, versions 2.2 and 3: how Stripe's kind of server takes names apart. */
function rack(text: string): Tree {
  const tree: Tree = new Map();
  for (const piece of text.split(/& */)) {
    if (piece === "") continue;
    const [name, value] = rackPair(piece);
    rackNormalize(tree, name, value, 0);
  }
  return tree;
}

/** The same of versions 1 and 2.0, which also split at semicolons and drop brackets before the root. */
function oldRack(text: string): Tree {
  const tree: Tree = new Map();
  for (const piece of text.split(/[&;] */)) {
    if (piece === "") continue;
    const [name, value] = rackPair(piece);
    oldRackNormalize(tree, name, value);
  }
  return tree;
}

function rackPair(piece: string): [string, string | null] {
  const unescape = (part: string): string => decodeURIComponent(part.replaceAll("+", " "));
  const equals = piece.indexOf("=");
  return equals === -1
    ? [unescape(piece), null]
    : [unescape(piece.slice(0, equals)), unescape(piece.slice(equals + 1))];
}

function rackNormalize(params: Tree, name: string, value: string | null, depth: number): Leaf {
  let key = name;
  let after = "";
  if (depth === 0) {
    const start = name.indexOf("[", 1);
    if (start !== -1) [key, after] = [name.slice(0, start), name.slice(start)];
  } else if (name.startsWith("[]")) [key, after] = ["[]", name.slice(2)];
  else if (name.startsWith("[") && name.indexOf("]", 1) !== -1) {
    const start = name.indexOf("]", 1);
    [key, after] = [name.slice(1, start), name.slice(start + 1)];
  }
  if (key === "") return params;
  if (after === "") {
    if (key === "[]" && depth !== 0) return [value];
    params.set(key, value);
  } else if (after === "[") params.set(name, value);
  else if (after === "[]") arrayAt(params, key).push(value);
  else if (after.startsWith("[]")) {
    const child = /^\[\]\[([^[\]]+)\]$/.exec(after)?.[1] ?? after.slice(2);
    pushInto(arrayAt(params, key), child, (into) => rackNormalize(into, child, value, depth + 1));
  } else params.set(key, rackNormalize(treeAt(params, key), after, value, depth + 1));
  return params;
}

function oldRackNormalize(params: Tree, name: string, value: string | null): Tree {
  const match = /^[[\]]*([^[\]]+)\]*/.exec(name);
  const key = match?.[1] ?? "";
  const after = match === null ? "" : name.slice(match[0].length);
  if (key === "") return params;
  if (after === "") params.set(key, value);
  else if (after === "[") params.set(name, value);
  else if (after === "[]") arrayAt(params, key).push(value);
  else {
    const child = /^\[\]\[([^[\]]+)\]$/.exec(after)?.[1] ?? /^\[\](.+)$/.exec(after)?.[1];
    if (child !== undefined) pushInto(arrayAt(params, key), child, (into) => oldRackNormalize(into, child, value));
    else params.set(key, oldRackNormalize(treeAt(params, key), after, value));
  }
  return params;
}

function pushInto(list: Leaf[], child: string, normalize: (into: Tree) => Leaf): void {
  const last = list.at(-1);
  if (last instanceof Map && !last.has(child)) normalize(last);
  else list.push(normalize(new Map()));
}

function arrayAt(params: Tree, key: string): Leaf[] {
  const known = params.get(key) ?? [];
  if (!Array.isArray(known)) throw new TypeError(`expected Array for ${key}`);
  params.set(key, known);
  return known;
}

function treeAt(params: Tree, key: string): Tree {
  const known = params.get(key) ?? new Map<string, Leaf>();
  if (!(known instanceof Map)) throw new TypeError(`expected Hash for ${key}`);
  return known;
}

/** The leaves by name, as our own map has them. */
function leaves(at: Leaf, name = ""): [string, string | null][] {
  const under = (key: string | number): string => (name === "" ? String(key) : `${name}[${key}]`);
  if (at instanceof Map) return [...at].flatMap(([key, leaf]) => leaves(leaf, under(key)));
  if (Array.isArray(at)) return at.flatMap((leaf, index) => leaves(leaf, under(index)));
  return [[name, at]];
}

describe("whatever is accepted", () => {
  const piece = fc.constantFrom(
    ..."amount amount amount currency expand metadata a b c 0 00 1 [ ] [] [0] [a] [amount] %5B %5D %5b%5d + %20 %61mount".split(
      " ",
    ),
  );
  const name = fc.oneof(
    fc.constantFrom(
      "amount",
      "amount[]",
      "amount[0]",
      "amount[value]",
      "currency",
      "expand[]",
      "expand[0]",
      "a[b]",
      "a[b][]",
      "a[b][c]",
      "a[0][b]",
      "a[][b]",
    ),
    fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("")),
  );
  const pair = fc.tuple(
    name,
    fc.constantFrom("=", "=", "=", "=", "", "=="),
    fc.constantFrom("1", "99999", "", "usd", "x%3D", "+5"),
  );
  const form = fc
    .array(fc.tuple(pair, fc.constantFrom("&", "&", "&", "&&", ";")), { maxLength: 5 })
    .map((pairs) => pairs.map(([parts, end]) => parts.join("") + end).join(""));

  it("both generations of Rack read in the same way", () => {
    let accepted = 0;
    fc.assert(
      fc.property(form, form, (query, body) => {
        const ours = readParameters(requestOf(`POST /v1/payment_intents?${query}`, body));
        if (ours.kind === "ambiguous") return;
        accepted += 1;
        const expected = new Map<string, string | null>(ours.parameters);
        for (const parse of [rack, oldRack])
          expect(new Map(leaves(new Map([...parse(query), ...parse(body)])))).toEqual(expected);
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(1_000);
  });
});

// ------------------------------------------------------------------------------------------------------------- amounts

describe("an amount is", () => {
  const amount = (parameters: Record<string, string>): ReturnType<typeof readAmount> =>
    readAmount(new Map(Object.entries(parameters)), "amount");

  it.each([
    ["nothing", "0", 0n],
    ["a number", "1050", 1050n],
    ["the longest number of any currency", "9".repeat(AMOUNT_DIGITS_MAX), 999_999_999_999n],
  ])("%s", (_, text, minor) => {
    expect(amount({ amount: text })).toEqual({ kind: "amount", minor });
  });

  it("absent where it is not sent, also beside names that only begin like it", () => {
    expect(amount({ amount_to_capture: "5", currency: "usd" })).toEqual({ kind: "absent" });
  });

  it.each([
    ["unset", ""],
    ["with a point", "100.0"],
    ["with a comma", "1,000"],
    ["with an exponent", "1e5"],
    ["with a sign", "+100"],
    ["with a space that was a plus", " 100"],
    ["with a space behind", "100 "],
    ["with a line break behind", "100\n"],
    ["below nothing", "-100"],
    ["with leading zeros, which some read as octal", "0100"],
    ["of two zeros", "00"],
    ["in hexadecimal", "0x64"],
    ["with underscores", "1_000"],
    ["in other digits", "١٠٠"],
    ["in wide digits", "１００"],
    ["no number", "NaN"],
    ["endless", "Infinity"],
    ["true", "true"],
    ["with a zero-width space", "100\u200b"],
  ])("refused when it is %s", (_, text) => {
    expect(amount({ amount: text })).toMatchObject({ kind: "refused", refusal: { code: "request_ambiguous" } });
  });

  it("refused when it is longer than any amount can be", () => {
    expect(amount({ amount: `1${"0".repeat(AMOUNT_DIGITS_MAX)}` })).toMatchObject({
      kind: "refused",
      refusal: { code: "amount_unknown" },
    });
  });

  it.each(["amount[0]", "amount[value]", "amount[][x]"])("refused when it is sent as %s", (name) => {
    expect(amount({ [name]: "100" })).toMatchObject({ kind: "refused", refusal: { code: "request_ambiguous" } });
  });
});

it("the root of a name is what stands before the first bracket", () => {
  expect(["amount", "a[b]", "a[b][c]", "a[]"].map(rootOf)).toEqual(["amount", "a", "a", "a"]);
});
