import { checkConstraints } from "@keybrake/core";
import { describe, expect, it } from "vitest";
import { operations } from "./operations.ts";
import { constrained, readParameters, valueOf, valuesOf } from "./parameters.ts";
import { ACCOUNT, BATCH, callOf, CALLS, JSON_TYPE, MESSAGES, requestOf } from "./test-support.ts";

function read(line: string, body: string | Uint8Array = "", headers: Readonly<Record<string, string>> = {}) {
  const found = readParameters(requestOf(line, body, headers));
  return found.kind === "parameters" ? Object.fromEntries(found.parameters) : found.why;
}

const SERVICES = "POST /messaging/v1/Services";
const LIST = `GET /2010-04-01/Accounts/${ACCOUNT}/Messages.json`;

describe("one set of parameters is read from", () => {
  it.each([
    ["a form as the SDKs send it", MESSAGES, "To=%2B14155552671&Body=a+b%20c", { To: "+14155552671", Body: "a b c" }],
    [
      "a list, by its repeated name",
      MESSAGES,
      "MediaUrl=a&MediaUrl=b&To=x",
      { "MediaUrl[0]": "a", "MediaUrl[1]": "b", To: "x" },
    ],
    ["a query of what reads", `${LIST}?To=%2B1&DateSent%3E=2026-11-01`, "", { To: "+1", "DateSent>": "2026-11-01" }],
    [
      "query and body of what costs nothing",
      `${SERVICES}?PageSize=1`,
      "FriendlyName=a",
      { PageSize: "1", FriendlyName: "a" },
    ],
    ["nothing", MESSAGES, "", {}],
  ])("%s", (_, line, body, expected) => {
    expect(read(line, body)).toEqual(expected);
  });

  it("JSON, at the products that take it", () => {
    const body = '{"phone_numbers":[{"phone_number":"+1","fields":["sim_swap"]}]}';
    expect(read(BATCH, body, JSON_TYPE)).toEqual({
      "phone_numbers[0][phone_number]": "+1",
      "phone_numbers[0][fields][0]": "sim_swap",
    });
    expect(read("POST /iam/v1/Keys", '{"a":1}', { "content-type": "application/scim+json; charset=utf-8" })).toEqual({
      a: "1",
    });
  });
});

describe("it is ambiguous:", () => {
  it.each<[string, string, string, Record<string, string>, RegExp]>([
    ["a receiver twice", MESSAGES, "To=a&To=b", {}, /"To" is sent twice/],
    ["a query beside the body of what costs", `${MESSAGES}?To=b`, "To=a", {}, /query beside its body/],
    ["a query of a POST that costs", `${CALLS}?Url=x`, "", {}, /query beside its body/],
    ["a query of a POST that is unbounded", "POST /studio/v2/Flows/FW1/Executions?To=x", "", {}, /query beside/],
    ["a name in query and body", `${SERVICES}?FriendlyName=a`, "FriendlyName=b", {}, /in the query and in the body/],
    ["the same in another case", `${SERVICES}?friendlyname=a`, "FriendlyName=b", {}, /in the query and in the body/],
    ["a name in two spellings", MESSAGES, "To=a&to=b", {}, /differ only in upper and lower case/],
    ["our own numbering", MESSAGES, "MediaUrl[0]=a", {}, /has a name that Twilio has none of/],
    ["a name with a blank around it", MESSAGES, "To+=a", {}, /has a name that Twilio has none of/],
    ["a GET with a body", LIST, "To=a", {}, /GET request has a body/],
    ["another type of body", MESSAGES, "<To/>", { "content-type": "text/xml" }, /Content-Type is "text\/xml"/],
    ["JSON that says one thing twice", BATCH, '{"a":1,"a":2}', JSON_TYPE, /twice/],
    ["JSON that is a text", BATCH, '"a"', JSON_TYPE, /neither an object nor a list/],
    ["JSON and a query of the same name", "POST /iam/v1/Keys?a=1", '{"a":{"b":1}}', JSON_TYPE, /query and in the body/],
  ])("%s", (_, line, body, headers, why) => {
    expect(read(line, body, headers)).toMatch(why);
  });

  const override = /would change the method/;

  it.each([
    "_method",
    "_METHOD",
    "%5fmethod",
    "+_method",
    "_method+",
    ".method",
    "__method",
    "_method.x",
    "_method%5B%5D",
    "_method%5Ba%5D",
  ])("%s, which some servers read as the method, wherever it stands", (name) => {
    expect(read(`${LIST}?${name}=DELETE`)).toMatch(override);
    expect(read(`${SERVICES}?${name}=DELETE`, "FriendlyName=a")).toMatch(override);
    expect(read(SERVICES, `FriendlyName=a&${name}=DELETE`)).toMatch(override);
    expect(read(MESSAGES, `To=a&${name}=DELETE`)).toMatch(override);
  });

  it("the same in JSON, in the query beside it and at any depth", () => {
    expect(read("POST /iam/v1/Keys", '{"_method":"DELETE"}', JSON_TYPE)).toMatch(override);
    expect(read("POST /iam/v1/Keys", '{"a":[{" _Method":"DELETE"}]}', JSON_TYPE)).toMatch(override);
    expect(read("POST /iam/v1/Keys?_method=DELETE", '{"a":1}', JSON_TYPE)).toMatch(override);
    expect(read("POST /iam/v1/Keys", '{"http_method":"GET","method":"GET"}', JSON_TYPE)).toEqual({
      http_method: "GET",
      method: "GET",
    });
  });

  it("for every operation, but not the methods that Twilio's own parameters name", () => {
    const target = (path: string): string => path.replaceAll(/\{[^}]*\}/g, "x");
    for (const { method, path } of operations.operations) {
      const line = `${method} ${target(path)}`;
      const found = method === "GET" ? read(`${line}?_method=DELETE`) : read(line, "_method=DELETE");
      expect([line, found]).toEqual([line, expect.stringMatching(override)]);
    }
    expect(read(CALLS, "Method=GET&FallbackMethod=GET")).toEqual({ Method: "GET", FallbackMethod: "GET" });
  });

  it("a body that is no text", () => {
    expect(read(MESSAGES, new Uint8Array([0x54, 0xff, 0x3d]))).toBe("The body is not valid UTF-8.");
  });
});

describe("a value", () => {
  it("that is empty is not sent, and a list has no single one", () => {
    const { parameters } = callOf(MESSAGES, "Body=&MediaUrl=a&MediaUrl=&MediaUrl=b");
    expect(valueOf(parameters, "Body")).toBeUndefined();
    expect(valueOf(parameters, "MediaUrl")).toBeUndefined();
    expect(valuesOf(parameters, "MediaUrl")).toEqual(["a", "b"]);
  });
});

describe("constraints judge", () => {
  const check = (line: string, body: Record<string, string>, name: string, rules: object): string | null => {
    const call = callOf(line, body);
    const { operation, pathParameters, request } = call;
    return (
      checkConstraints({ [name]: rules } as never, {
        // oxlint-disable-line typescript/no-unsafe-type-assertion -- as the API has checked it
        method: request.method,
        segments: request.segments,
        match: { operation, pathParameters },
        sets: constrained(call),
      })?.message ?? null
    );
  };

  it("what is sent, also in the path", () => {
    expect(check(MESSAGES, { To: "+14155552671" }, "messages.create", { To: { prefix: "+1" } })).toBeNull();
    expect(check(MESSAGES, { To: "+33612345678" }, "messages.create", { To: { prefix: "+1" } })).toContain("+1");
    expect(check(MESSAGES, { To: "whatsapp:+1415" }, "messages.create", { To: { prefix: "+1" } })).toContain("+1");
    expect(check(MESSAGES, { To: "+1" }, "messages.create", { AccountSid: { equals: ACCOUNT } })).toBeNull();
  });

  it("the time limit that is added where there is none", () => {
    const rules = { TimeLimit: { max: "600", optional: true } };
    expect(check(CALLS, { To: "+14155552671", TimeLimit: "60" }, "calls.create", rules)).toBeNull();
    expect(check(CALLS, { To: "+14155552671" }, "calls.create", rules)).toContain("more than 600");
  });
});
