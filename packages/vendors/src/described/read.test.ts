import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DESCRIPTION_PROBLEMS_MAX, readDescription } from "./read.ts";
import { description, operation, PRICE, type Json } from "./test-support.ts";

/** `operations.0.price: Write ...`, one line a problem. */
function problems(json: unknown): readonly string[] {
  const read = readDescription(json);
  return read.ok ? [] : read.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const withOperation = (more: Json): Json => description({ operations: [operation(more)] });
const withPrice = (more: Json): Json => withOperation({ price: { ...PRICE, ...more } });
const free: Json = { price: undefined, parameters: undefined };

describe("a description", () => {
  it("needs little", () => {
    const read = readDescription(description());
    expect(read.ok ? read.description : read.problems).toMatchObject({
      id: "printer",
      baseUrl: "https://api.printer.example",
      bodyBytesMax: 1024 * 1024,
      idempotency: null,
      secret: null,
      operations: [{ name: "pages.print", directions: ["usage"] }],
    });
  });

  it.each<[string, Json]>([
    ["a header of its own", { authentication: { header: { name: "X-Api-Key" } } }],
    ["a scheme of its own", { authentication: { header: { name: "Authorization", value: "Key {secret}" } } }],
    ["Basic with the secret as user", { authentication: { basic: { user: "{secret}", password: "" } } }],
    ["Basic with an account", { authentication: { basic: { user: "{account}", password: "{secret}" } } }],
    ["further hosts", { hosts: { files: "https://files.printer.example" } }],
    ["a host on this machine", { base_url: "http://127.0.0.1:8080" }],
    ["forms", { bodies: ["form", "json"], lists: ["text"] }],
    [
      "an idempotency header",
      { idempotency: { header: "Idempotency-Key", remembered_hours: 24, operations: ["pages.print"] } },
    ],
    [
      "a mark of stored answers",
      { idempotency: { header: "X-Key", remembered_hours: 1, replayed: { header: "X-Replay", value: "true" } } },
    ],
    ["how errors look", { errors: { own: "/error/code", definite_no: [400], hides_server_errors: true } }],
    [
      "how refusals look",
      { errors: { refusal: { body: { a: ["{message}"] }, statuses: { spend_cap_exceeded: 402 } } } },
    ],
  ])("may say %s", (_, more) => {
    expect(problems(description(more))).toEqual([]);
  });

  it.each<[string, Json]>([
    [
      "a price by the case",
      {
        parameters: ["size"],
        price: { ...PRICE, by: { value: "/size", otherwise: "a4" }, list: { a4: "0.05", "*": 1 } },
      },
    ],
    [
      "a price by a part of the path",
      { path: "/pages/{size}", price: { ...PRICE, by: { value: "{size}" }, list: { a4: 1 } } },
    ],
    [
      "several prices",
      { parameters: ["ink"], price: [PRICE, { ...PRICE, unit: "ink", count: { number: "/ink", otherwise: 0 } }] },
    ],
    [
      "a count in a list of objects",
      { parameters: ["items"], price: { ...PRICE, count: { number: "/items/*/q" }, settle: { number: "/told/q" } } },
    ],
    ["a price in another currency", { price: { ...PRICE, currency: "eur" } }],
    ["a price for a thousand", { price: { ...PRICE, unit_size: 1000, whole_units: true, at_least: 50, max: 9 } }],
    [
      "an amount",
      {
        price: undefined,
        parameters: ["n", "c"],
        amount: { direction: "paid_out", value: "/n", currency: "/c", form: "minor", max: 100 },
      },
    ],
    ["what was charged in the end", { settle: { value: "/price", currency: "usd", form: "major" } }],
    ["that it costs nothing", { ...free, class: "read" }],
    [
      "that nothing bounds it",
      { ...free, class: "unbounded", directions: ["usage", "paid_out"], reason: "it runs for ever" },
    ],
    ["that it hands out a secret", { ...free, class: "secret-bearing", redacts: ["token"] }],
    ["that it takes no parameters", { parameters: [] }],
    ["a file for a body", { ...free, class: "free", body: "stream" }],
    ["a path with a suffix", { path: "/pages/{page}.json" }],
  ])("may say of an operation %s", (_, more) => {
    expect(problems(withOperation(more))).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["no object", [], ": Write an object with the fields id,"],
    ["nothing", null, ": Write an object with the fields id,"],
    ["a field that is not known", description({ timeout: 3 }), "timeout: There is no such field."],
    ["no id", description({ id: undefined }), "id: Write a lower-case word"],
    ["an id of one letter", description({ id: "y" }), "id: Write a lower-case word of 2 to 31 letters and digits"],
    ["an id that is no word", description({ id: "my-vendor" }), "id: Write a lower-case word"],
    ["plain http", description({ base_url: "http://api.printer.example" }), "base_url: Write an https URL"],
    [
      "a path in the URL",
      description({ base_url: "https://api.printer.example/v1" }),
      "base_url: Write the host alone",
    ],
    [
      "a user in the URL",
      description({ base_url: "https://a:b@api.printer.example" }),
      "base_url: Write the host alone",
    ],
    ["no URL", description({ base_url: "api.printer.example" }), "base_url: This is no URL."],
    [
      "a secret in the URL",
      description({ authentication: { query: "key" } }),
      "authentication.query: A secret in a URL",
    ],
    [
      "two ways in",
      description({ authentication: { header: {}, basic: {} } }),
      "authentication: Write header or basic",
    ],
    [
      "no secret in it",
      description({ authentication: { header: { name: "X-A", value: "x" } } }),
      "authentication.header.value: The text has no {secret}.",
    ],
    [
      "an unknown word in it",
      description({ authentication: { header: { name: "X-A", value: "{key}" } } }),
      "authentication.header.value: Write text",
    ],
    [
      "a header that is the connection's",
      description({ authentication: { header: { name: "Host" } } }),
      "authentication.header.name: Write the name",
    ],
    [
      "a line break in a header",
      description({ authentication: { header: { name: "X-A", value: "{secret}\r\nX-B: 1" } } }),
      "authentication.header.value: Write text",
    ],
    [
      "a user with a colon",
      description({ authentication: { basic: { user: "a:b", password: "{secret}" } } }),
      "authentication.basic.user: A user",
    ],
    [
      "a pattern that is none",
      description({ secret: { pattern: "(" } }),
      'secret.pattern: "(" is no regular expression',
    ],
    ["a body of another form", description({ bodies: ["xml"] }), "bodies.0: Write one of: json, form."],
    [
      "a refusal without its message",
      description({ errors: { refusal: { body: { a: 1 } } } }),
      "errors.refusal.body: No text in it has {message}.",
    ],
    [
      "a refusal that there is not",
      description({ errors: { refusal: { statuses: { nope: 400 } } } }),
      "errors.refusal.statuses.nope: There is no such refusal.",
    ],
    [
      "a 5xx that did nothing",
      description({ errors: { definite_no: [500] } }),
      "errors.definite_no.0: Write a whole number from 400 to 499.",
    ],
    [
      "keys for operations that are not there",
      description({ idempotency: { header: "K", remembered_hours: 1, operations: ["x.y"] } }),
      "idempotency.operations.0: Write names of operations.",
    ],
    ["no operations", description({ operations: [] }), "operations: Write a list of operations."],
  ])("is wrong with %s", (_, json, expected) => {
    expect(
      problems(json).some((each) => each.startsWith(expected)),
      problems(json).join("\n"),
    ).toBe(true);
  });

  it.each<[string, Json, string]>([
    ["no verb", { name: "pages" }, "name: Write a name of words"],
    ["another method", { method: "FETCH" }, "method: Write one of: GET,"],
    ["another class", { class: "cheap" }, "class: Write one of: read,"],
    ["a path that goes up", { path: "/pages/../admin" }, "path: Write the whole path"],
    ["a path with a query", { path: "/pages?a=1" }, "path: Write the whole path"],
    ["a part twice", { path: "/pages/{a}/{a}" }, "path: Two parts"],
    ["a host that is not named", { host: "files" }, "host: Write one of hosts"],
    ["no price", { price: undefined }, ": An operation of class money has price"],
    ["price and amount", { amount: {} }, ": An operation of class money has price"],
    ["no parameters", { parameters: undefined }, "parameters: Name the parameters"],
    ["a price on what is free", { class: "free" }, "price: Only an operation of class money has it."],
    [
      "directions on what is free",
      { ...free, class: "free", directions: ["usage"] },
      "directions: An operation of class free",
    ],
    ["directions beside a price", { directions: ["usage"] }, "directions: Leave it out"],
    ["no directions without a bound", { ...free, class: "unbounded" }, "directions: Write a list of directions"],
    ["a stream that pays", { body: "stream" }, "body: What is streamed is not read"],
    [
      "an amount of no parameter",
      { price: undefined, amount: { direction: "usage", value: "/m", currency: "usd", form: "minor" } },
      'amount.value: The parameter "m" is none',
    ],
    [
      "a currency of no parameter",
      { price: undefined, amount: { direction: "usage", value: "/n", currency: "/c", form: "minor" } },
      'amount.currency: The parameter "c" is none',
    ],
    [
      "a count and no parameters",
      { parameters: [], price: { ...PRICE, count: { number: "/n" } } },
      "price.count.number",
    ],
    ["a price twice", { price: [PRICE, PRICE] }, "price.1.unit: Another price"],
  ])("is wrong where an operation has %s", (_, more, expected) => {
    const place = `operations.0${expected.startsWith(":") ? "" : "."}${expected}`;
    expect(
      problems(withOperation(more)).some((each) => each.startsWith(place)),
      problems(withOperation(more)).join("\n"),
    ).toBe(true);
  });

  it.each<[string, Json, string]>([
    ["nothing to pay", { list: undefined }, "list: Write the price"],
    ["a sign", { list: -1 }, "list: Write the price"],
    ["too many decimals", { list: "0.0000001" }, "list: Write the price"],
    ["a million for one", { list: "1000001" }, "list: The price of one unit is more"],
    ["no source", { source: undefined }, "source: Write where"],
    ["a day that is none", { as_of: "2026-02-30" }, "as_of: Write the day"],
    ["a currency that nobody knows", { currency: "xyz" }, "currency: Write a currency"],
    ["two measures", { count: { number: "/n", items: "/n" } }, "count: Write one of: number"],
    ["no measure", { count: {} }, "count: Write one of: number"],
    ["a pointer without its slash", { count: { number: "n" } }, "count.number: Write a JSON pointer"],
    ["a bad escape in a pointer", { count: { number: "/a~2" } }, "count.number: Write a JSON pointer"],
    ["a part that the path has not", { count: { number: "{n}" } }, "count.number: Write a JSON pointer"],
    ["one price for several cases", { by: { value: "/n" } }, "list: Write an object"],
    [
      "a misspelt parameter",
      { count: { number: "/m" } },
      'count.number: The parameter "m" is none of the operation\'s',
    ],
    ["one in a list of requests", { count: { items: "/*/n" } }, 'count.items: The parameter "*" is none'],
    ["one of no parameter", { by: { value: "/size" }, list: { a4: 1 } }, 'by.value: The parameter "size" is none'],
    ["half a unit", { unit_size: 0.5 }, "unit_size: Write a whole number"],
    ["a misspelt limit", { maximum: 3 }, "maximum: There is no such field."],
  ])("is wrong where a price has %s", (_, more, expected) => {
    expect(
      problems(withPrice(more)).some((each) => each.startsWith(`operations.0.price.${expected}`)),
      problems(withPrice(more)).join("\n"),
    ).toBe(true);
  });

  it("tells which operations are the same", () => {
    const twice = description({ operations: [operation(), operation({ path: "/other" }), operation({ name: "x.y" })] });
    expect(problems(twice)).toEqual([
      "operations.1.name: operations[0] has the same name.",
      "operations.2.path: operations[0] has the same method and path.",
    ]);
    const parts = description({
      operations: [operation({ path: "/a/{b}" }), operation({ name: "x.y", path: "/a/{c}" })],
    });
    expect(problems(parts)).toEqual(["operations.1.path: operations[0] has the same method and path."]);
  });

  it("tells everything at once, but no more than somebody would read", () => {
    const many = description({ operations: Array.from({ length: 50 }, () => ({})) });
    expect(problems(many)).toHaveLength(DESCRIPTION_PROBLEMS_MAX);
  });

  it("never throws, whatever the file holds, and says why it takes nothing of it", () => {
    const fields = fc.constantFrom(
      "id",
      "base_url",
      "authentication",
      "errors",
      "operations",
      "secret",
      "hosts",
      "idempotency",
      "bodies",
    );
    fc.assert(
      fc.property(fields, fc.jsonValue(), (field, value) => {
        readDescription(description({ [field]: value }));
      }),
    );
    const inOperation = fc.constantFrom(
      "name",
      "path",
      "class",
      "price",
      "amount",
      "settle",
      "parameters",
      "redacts",
      "directions",
    );
    fc.assert(
      fc.property(inOperation, fc.jsonValue(), (field, value) => {
        const read = readDescription(withOperation({ [field]: value }));
        if (!read.ok) expect(read.problems.length).toBeGreaterThan(0);
      }),
    );
  });
});
