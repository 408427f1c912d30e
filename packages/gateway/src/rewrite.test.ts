import { operationTable, type Operation, type Vendor } from "@keybrake/core";
import { stripe } from "@keybrake/vendors";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { needsRewriting, rewrite } from "./rewrite.ts";

const LINK = /^https:\/\/([a-z]+)\.acme\.test(\/.*)$/;
const vendor: Vendor = {
  ...stripe,
  ownLinkMark: ".acme.test",
  ownLink: (url) => {
    const [, product, path] = LINK.exec(url) ?? [];
    return product === undefined ? null : `/${product}${path}`;
  },
};

const [plain, secretive]: readonly Operation[] = operationTable([
  { name: "a.get", method: "GET", path: "/a", class: "read", directions: [] },
  {
    name: "b.get",
    method: "GET",
    path: "/b",
    class: "secret-bearing",
    directions: [],
    redacts: ["auth_token", "keys"],
  },
]).operations;

function changed(operation: Operation | undefined, text: string, type = "application/json"): string | null {
  if (operation === undefined) throw new Error("no operation");
  const answer = { status: 200, headers: new Map([["content-type", type]]), body: Buffer.from(text) };
  const result = rewrite(vendor, operation, answer, "http://here/acme");
  if (result === answer.body) return "untouched";
  return result === null ? null : Buffer.from(result).toString();
}

test("a secret field is blanked out at any depth, and nothing else changes", () => {
  expect(changed(secretive, '{ "auth_token" :"s3",\n "a":[{"auth_token":"x\\"y"},1.50], "auth_tokens":"n"}')).toBe(
    '{ "auth_token" :"[redacted]",\n "a":[{"auth_token":"[redacted]"},1.50], "auth_tokens":"n"}',
  );
});

test("what stands inside a secret list or object is secret", () => {
  expect(changed(secretive, '{"keys":["a",{"b":"c","d":12}],"e":"f"}')).toBe(
    '{"keys":["[redacted]",{"b":"[redacted]","d":"[redacted]"}],"e":"f"}',
  );
});

test("null, true and false are no secrets", () => {
  expect(changed(secretive, '{"auth_token":null,"keys":[true]}')).toBe("untouched");
});

test("a field whose name is escaped is the same field", () => {
  expect(changed(secretive, '{"auth\\u005ftoken":"s3"}')).toBe('{"auth\\u005ftoken":"[redacted]"}');
});

test("what is no JSON does not pass where there may be a secret in it", () => {
  expect(changed(secretive, "<auth_token>s3</auth_token>", "application/xml")).toBeNull();
  expect(changed(secretive, '{"auth_token":"s3"', "application/json")).toBeNull();
  expect(changed(plain, "<a>b</a>", "application/xml")).toBe("untouched");
});

test("links to the vendor's hosts lead back here, also with escaped slashes", () => {
  expect(
    changed(
      plain,
      '{"url":"https://verify.acme.test/v2/a?b=1","meta":{"next_page_url":"https:\\/\\/x.acme.test\\/v1"},"links":{"all":"https://y.acme.test/z"}}',
    ),
  ).toBe(
    '{"url":"http://here/acme/verify/v2/a?b=1","meta":{"next_page_url":"http://here/acme/x/v1"},"links":{"all":"http://here/acme/y/z"}}',
  );
});

test("what people wrote is no link", () => {
  expect(changed(plain, '{"body":"see https://verify.acme.test/v2","urls":["https://verify.acme.test/"]}')).toBe(
    "untouched",
  );
});

test("a file passes as it is, a secret does not", () => {
  const headers = new Map([["content-type", "audio/mpeg"]]);
  const answer = { status: 200, headers, body: null };
  if (plain === undefined || secretive === undefined) throw new Error("no operation");
  expect(needsRewriting(vendor, plain, answer)).toBe(false);
  expect(needsRewriting(vendor, secretive, answer)).toBe(true);
});

test("any JSON keeps its meaning but for the secrets", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.string(), (json, secret) => {
      const text = JSON.stringify({ x: json, auth_token: secret, y: json }, null, 1);
      const result: unknown = JSON.parse(changed(secretive, text) ?? "null");
      const expected: unknown = JSON.parse(
        JSON.stringify({ x: json, auth_token: "[redacted]", y: json }, (name, value: unknown) =>
          name === "auth_token" || name === "keys" ? undefined : value,
        ),
      );
      const got: unknown = JSON.parse(
        JSON.stringify(result, (name, value: unknown) =>
          name === "auth_token" || name === "keys" ? undefined : value,
        ),
      );
      expect(got).toEqual(expected);
      expect(result).toMatchObject({ auth_token: "[redacted]" });
    }),
  );
});
