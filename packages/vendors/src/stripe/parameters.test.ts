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
    [
      "a body in parts that has none",
      "--x--",
      { "content-type": "multipart/form-data; boundary=x" },
      /before its first/,
    ],
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

  it.each([
    "POST /v2/core/accounts",
    "DELETE /v2/core/event_destinations/ed_1",
    "POST /oauth/deauthorize",
    "POST /v1/files",
  ])("a method in a header, also at %s", (line) => {
    for (const header of ["x-http-method-override", "x-http-method", "x-method-override"])
      expect(readParameters(requestOf(line, "", { [header]: "POST" }))).toMatchObject({ kind: "ambiguous" });
  });

  it.each(["GET /v2/core/accounts", "GET /v2/core/events?limit=1", "GET /oauth/authorize"])("a body of %s", (line) => {
    expect(readParameters(requestOf(line, "{}", { "content-type": "application/json" }))).toMatchObject({
      kind: "ambiguous",
      why: "A GET request has a body.",
    });
  });
});

// ---------------------------------------------------------------------------------------------------------------- in parts

const PARTS = { "content-type": "multipart/form-data; boundary=x" };

describe("a body in parts", () => {
  const part = (name: string, value: string): string =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

  it("is read like the same form", () => {
    expect(
      read("expand[]=customer", `${part("amount", "100")}${part("metadata[a]", "é\r\n2")}--x--\r\n`, PARTS),
    ).toEqual({
      "expand[0]": "customer",
      amount: "100",
      "metadata[a]": "é\r\n2",
    });
    expect(read("", `${part("expand[]", "a")}${part("expand[]", "b")}--x--`, PARTS)).toEqual({
      "expand[0]": "a",
      "expand[1]": "b",
    });
  });

  it.each<[string, string, string, RegExp]>([
    ["with an amount twice", "", `${part("amount", "1")}${part("amount", "2")}--x--`, /"amount" is sent twice/],
    ["beside the same in the query", "amount=1", `${part("amount", "2")}--x--`, /in the query and in the body/],
    ["with a method in it", "", `${part("_method", "delete")}--x--`, /would change the method/],
    ["with a name in brackets", "", `${part("[amount]", "2")}--x--`, /not every reader splits/],
    [
      "with a file",
      "",
      '--x\r\nContent-Disposition: form-data; name="amount"; filename="a"\r\n\r\n1\r\n--x--',
      /No file is expected/,
    ],
  ])("is refused %s", (_, query, body, why) => {
    expect(read(query, body, PARTS)).toMatch(why);
  });
});

// ------------------------------------------------------------------------------------------------------------------ JSON

const JSON_BODY = { "content-type": "application/json" };
const V2 = "POST /v2/money_management/outbound_payments";

function readV2(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = JSON_BODY,
  line = V2,
): string | Record<string, string> {
  const result = readParameters(requestOf(line, body, headers));
  return result.kind === "ambiguous" ? result.why : Object.fromEntries(result.parameters);
}

describe("the parameters of a v2 request are", () => {
  it.each<[string, string, Record<string, string>]>([
    ["none", "{}", {}],
    [
      "those of its JSON, named as in a form",
      '{"amount":{"value":2000,"currency":"usd"},"from":{"financial_account":"fa_1"},"description":null}',
      { "amount[value]": "2000", "amount[currency]": "usd", "from[financial_account]": "fa_1", description: "" },
    ],
    [
      "numbered in lists",
      '{"events":[{"event_name":"a","payload":{"value":"1"}},{"event_name":"b"}],"flag":true}',
      {
        "events[0][event_name]": "a",
        "events[0][payload][value]": "1",
        "events[1][event_name]": "b",
        flag: "true",
      },
    ],
    ["there, also where they are empty", '{"a":{},"b":[],"c":""}', { a: "", b: "", c: "" }],
    ["read with their escapes", '{"\\u0061mount":"\\u00e9\\n"}', { amount: "é\n" }],
    [
      "fractions and what is below nothing",
      '{"a":0.5,"b":-1,"c":9007199254740991}',
      { a: "0.5", b: "-1", c: "9007199254740991" },
    ],
  ])("%s", (_, body, expected) => {
    expect(readV2(body)).toEqual(expected);
  });

  it("those of its query, which is a form", () => {
    expect(readV2("", {}, "GET /v2/core/events?limit=3&types[0]=a&created[gte]=2026-01-01T00%3A00%3A00Z")).toEqual({
      limit: "3",
      "types[0]": "a",
      "created[gte]": "2026-01-01T00:00:00Z",
    });
    expect(readV2('{"a":1}', JSON_BODY, `${V2}?include[0]=b`)).toEqual({ "include[0]": "b", a: "1" });
    expect(readV2("", {}, "DELETE /v2/core/event_destinations/ed_1?a=1")).toEqual({ a: "1" });
  });

  it.each(["application/json; charset=utf-8", "Application/JSON;charset=UTF-8", 'application/json; charset="utf-8"'])(
    "JSON when it is called %s",
    (type) => {
      expect(readV2('{"a":1}', { "content-type": type })).toEqual({ a: "1" });
    },
  );
});

describe("a v2 request that two readers could read differently is refused:", () => {
  it.each<[string, string, RegExp]>([
    ["an amount twice", '{"amount":{"value":1,"value":99999,"currency":"usd"}}', /twice/],
    ["an amount twice, once escaped", '{"amount":1,"\\u0061mount":2}', /twice/],
    ["an exponent", '{"amount":{"value":1e3}}', /plain digits/],
    ["an exponent of nothing", '{"amount":{"value":1E0}}', /plain digits/],
    ["a fraction of nothing", '{"amount":{"value":2000.0}}', /"2000\.0"/],
    ["a fraction with a zero behind", '{"amount":0.50}', /"0\.50"/],
    ["nothing with a sign", '{"amount":{"value":-0}}', /"-0"/],
    ["more than a double can count", '{"amount":{"value":9007199254740993}}', /"9007199254740993"/],
    ["also where it is even", '{"amount":{"value":9007199254740992}}', /"9007199254740992"/],
    ["more digits than a double has", '{"amount":0.12345678901234567890}', /not every reader/],
    ["leading zeros", '{"amount":{"value":0100}}', /plain digits|not valid JSON/],
    ["a plus", '{"amount":{"value":+1}}', /plain digits|not valid JSON/],
    ["hexadecimal", '{"amount":{"value":0x10}}', /plain digits|not valid JSON/],
    ["no number", '{"amount":{"value":NaN}}', /not valid JSON/],
    ["a comment", '{"amount":1/*,"amount":2*/}', /not valid JSON/],
    ["a comma too many", '{"amount":1,}', /not valid JSON/],
    ["single quotes", "{'amount':1}", /not valid JSON/],
    ["something behind it", '{"amount":1}{"amount":2}', /after its JSON/],
    ["a second object behind a line break", '{"amount":1}\n{"amount":2}', /after its JSON/],
    ["an end too early", '{"amount":1', /not valid JSON/],
    ["a list", '[{"amount":1}]', /not an object/],
    ["an empty list", "[]", /not an object/],
    ["a text", '"amount"', /neither an object/],
    ["nothing", "null", /neither an object/],
    ["blanks", "  ", /neither an object/],
    ["a byte order mark", '\ufeff{"amount":1}', /neither an object/],
    ["a name in brackets", '{"amount[value]":1,"amount":{"value":2}}', /not every reader/],
    ["a name before all objects", '{"__proto__":{"amount":1}}', /not every reader/],
    ["a name of all objects", '{"metadata":{"constructor":{"prototype":1}}}', /not every reader/],
    ["a name with a line break", '{"amount\\n":1}', /not every reader/],
    ["a name with a space", '{"amount ":1}', /not every reader/],
    ["a name in other letters", '{"\\u0430mount":1}', /not every reader/],
    ["half of a character in a name", '{"metadata":{"\\ud800":1}}', /not every reader/],
    ["half of a character in a value", '{"description":"\\ud800"}', /half of a character/],
    ["a control character", '{"description":"a\\u0000b"}', /control character/],
    ["a method", '{"_method":"delete"}', /would change the method/],
    ["a form", "amount=1", /neither an object/],
  ])("%s", (_, body, why) => {
    expect(readV2(body)).toMatch(why);
  });

  it("bytes that are no UTF-8", () => {
    expect(readV2(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toMatch(/not valid UTF-8/);
    expect(readV2(Uint8Array.from([0x7b, 0x00, 0x7d, 0x00]))).toMatch(/not valid JSON/);
  });

  it("too much of anything", () => {
    const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    expect(readV2(deep(DEPTH_MAX))).toEqual({ [`a${"[a]".repeat(DEPTH_MAX - 1)}`]: "1" });
    expect(readV2(deep(DEPTH_MAX + 1))).toMatch(/nested more than 10 deep/);
    const many = (count: number): string => `{${Array.from({ length: count }, (_, n) => `"a${n}":1`).join(",")}}`;
    expect(readV2(many(1_001))).toMatch(/more than 1000/);
    expect(readV2(many(1_000), JSON_BODY, `${V2}?b=1`)).toMatch(/more than 1000/);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["called a form", { "content-type": "application/x-www-form-urlencoded" }, /Send application\/json/],
    ["called text", { "content-type": "text/plain" }, /Send application\/json/],
    ["called another JSON", { "content-type": "application/vnd.api+json" }, /Send application\/json/],
    ["in parts", PARTS, /Send application\/json/],
    ["in another charset", { "content-type": "application/json; charset=utf-16" }, /Send application\/json/],
    ["called two things", { "content-type": "application/json, text/plain" }, /Send application\/json/],
    ["compressed", { ...JSON_BODY, "content-encoding": "gzip" }, /compressed/],
  ])("a body %s", (_, headers, why) => {
    expect(readV2('{"amount":1}', headers)).toMatch(why);
  });

  it("a body that is called nothing", () => {
    const request = requestOf(V2, '{"amount":1}');
    const headers = new Map([...request.headers].filter(([name]) => name !== "content-type"));
    expect(readParameters({ ...request, headers })).toMatchObject({ why: expect.stringMatching(/no Content-Type/) });
  });

  it("the same parameter in the query and in the body", () => {
    expect(readV2('{"amount":{"value":1}}', JSON_BODY, `${V2}?amount[value]=2`)).toMatch(
      /in the query and in the body/,
    );
    expect(readV2('{"amount":{"value":1}}', JSON_BODY, `${V2}?amount[currency]=jpy`)).toMatch(
      /in the query and in the body/,
    );
  });

  it("a form in the body of v1 called JSON, and JSON", () => {
    expect(read("", "amount=1", JSON_BODY)).toMatch(/application\/json/);
  });

  it("and what is accepted is what JSON.parse makes of it", () => {
    let accepted = 0;
    const leavesOf = (value: unknown, name: string): [string, string][] => {
      if (typeof value === "object" && value !== null && Object.keys(value).length > 0)
        return Object.entries(value).flatMap(([key, each]) => leavesOf(each, name === "" ? key : `${name}[${key}]`));
      if (name === "") return [];
      const isText = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
      return [[name, isText ? String(value) : ""]];
    };
    const key = fc.constantFrom("amount", "value", "currency", "a", "0", "__proto__", "a[b]");
    const text = fc
      .object({ key, maxDepth: 3, values: [fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)] })
      .chain((object) => fc.constantFrom(JSON.stringify(object), JSON.stringify(object, null, 2)));
    fc.assert(
      fc.property(text, (body) => {
        const ours = readV2(body);
        if (typeof ours === "string") return;
        accepted += 1;
        expect(ours).toEqual(Object.fromEntries(leavesOf(JSON.parse(body), "")));
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(300);
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
