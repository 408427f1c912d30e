import { describe, expect, it } from "vitest";
import { authorization, checkSecret } from "./authenticate.ts";

// Put together here, so that no scanner of this repository takes it for a real one.
const SECRET = `${["sk", "test"].join("_")}_${"51Abc".repeat(20)}`;

describe("authorization", () => {
  it("carries the secret as a bearer token and nowhere else", () => {
    expect(authorization(SECRET).headers).toEqual(["Authorization", `Bearer ${SECRET}`]);
  });

  it.each([
    ["the header itself", (secret: string) => `Bearer ${secret}`],
    ["a message that quotes it", (secret: string) => `{"message":"Invalid API Key: ${secret}."}`],
    ["the Basic form with it as user", (secret: string) => `Basic ${Buffer.from(`${secret}:`).toString("base64")}`],
    ["its base64 without padding", (secret: string) => Buffer.from(secret).toString("base64url")],
  ])("has a needle for %s", (_, echo) => {
    // Every length modulo three, because base64 ends differently for each.
    for (const secret of [SECRET, `${SECRET}a`, `${SECRET}ab`])
      expect(authorization(secret).needles.some((needle) => echo(secret).includes(needle))).toBe(true);
  });
});

describe("checkSecret", () => {
  it.each([
    ["a live secret key", "sk_live_abc", true],
    ["a live restricted key", "rk_live_abc", true],
    ["a test secret key", "sk_test_abc", false],
    ["a test restricted key", "rk_test_abc", false],
    ["a key that does not tell", "sk_org_abc", null],
    ["an organisation's live key", "sk_org_live_abc", null],
  ])("knows the mode of %s", (_, secret, livemode) => {
    expect(checkSecret(secret)).toEqual({ livemode, problem: null });
  });

  it.each([
    ["nothing", ""],
    ["a space", " "],
    ["a trailing line break", "sk_live_abc\n"],
    ["a leading space", " sk_live_abc"],
    ["a space inside", "sk_live_abc sk_live_def"],
    ["a control character", "sk_live_\u0000abc"],
    ["a character outside ASCII", "sk_live_\u00e4bc"],
    ["a publishable live key", "pk_live_abc"],
    ["a publishable test key", "pk_test_abc"],
    ["a webhook's signing secret", "whsec_abc"],
    ["something else altogether", "hello"],
    ["a line of an environment file", "STRIPE_KEY=sk_test_abc"],
    ["quotes around it", '"sk_live_abc"'],
    ["one of our own tokens", "kblive0123456789"],
    ["a prefix and nothing else", "sk_"],
    ["far too much", `sk_live_${"a".repeat(300)}`],
  ])("has a sentence against %s that does not contain it", (_, secret) => {
    const { livemode, problem } = checkSecret(secret);
    expect(livemode).toBeNull();
    expect(problem).toMatch(/\.$/);
    if (secret.trim().length > 3) expect(problem).not.toContain(secret.trim());
  });
});
