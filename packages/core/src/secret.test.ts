/* oxlint-disable typescript/restrict-template-expressions, typescript/no-misused-spread -- the careless ways are tested */
import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret } from "./secret.ts";

const CANARY = "sk_live_canary_4eC39HqLyjWDarjtT1zdp7dc";

describe("a secret", () => {
  const secret = new Secret(CANARY);
  const nested = new Secret({ key: CANARY });

  test("is given to whoever asks for it by name", () => {
    expect(secret.expose()).toBe(CANARY);
    expect(nested.expose().key).toBe(CANARY);
  });

  test.each<[string, (s: Secret<unknown>) => unknown]>([
    ["JSON", (s) => JSON.stringify({ s, list: [s] })],
    ["a template string", (s) => `${s}`],
    ["String()", (s) => String(s)],
    ["joining", (s) => [s, s].join()],
    ["util.inspect", (s) => inspect(s)],
    ["util.inspect of what holds it", (s) => inspect({ deep: { er: [s] }, map: new Map([[s, s]]) }, { depth: 9 })],
    [
      "util.inspect with everything shown",
      (s) => inspect(s, { showHidden: true, customInspect: false, getters: true }),
    ],
    ["console.log's formatting", (s) => format("%s %o %O %j", s, s, s, s)],
    ["the message of an error", (s) => inspect(new Error(`failed with ${s}`, { cause: s }))],
    ["keys, values and entries", (s) => inspect([Object.keys(s), Object.values(s), Reflect.ownKeys(s)])],
    ["a spread", (s) => inspect({ ...s })],
    ["structuredClone", (s) => inspect(structuredClone(s), { showHidden: true })],
    ["assignment", (s) => JSON.stringify(Object.assign({}, s))],
  ])("does not leak through %s", (_, print) => {
    expect(print(secret)).not.toContain("canary");
    expect(print(nested)).not.toContain("canary");
  });

  test("says that it is redacted", () => {
    expect(`${secret}`).toBe("[redacted]");
    expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}');
    expect(inspect({ secret })).toBe("{ secret: [redacted] }");
  });
});
