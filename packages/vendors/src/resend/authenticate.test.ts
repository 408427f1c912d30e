import { describe, expect, it } from "vitest";
import { authorization, checkSecret } from "./authenticate.ts";

// Put together here, so that no scanner of this repository takes it for a real one.
const SECRET = `${["re", "c1tpEyD8"].join("_")}_NKFusih9vKVQknRAQfmFcWCv`;

describe("authorization", () => {
  it("carries the secret as a bearer token and nowhere else", () => {
    expect(authorization(SECRET).headers).toEqual(["Authorization", `Bearer ${SECRET}`]);
  });

  it.each([
    ["the header itself", (secret: string) => `Bearer ${secret}`],
    ["a message that quotes it", (secret: string) => `{"message":"API key ${secret} is invalid"}`],
    ["its base64", (secret: string) => Buffer.from(secret).toString("base64")],
    ["its base64 without padding", (secret: string) => Buffer.from(secret).toString("base64url")],
  ])("has a needle for %s", (_, echo) => {
    // Every length modulo three, because base64 ends differently for each.
    for (const secret of [SECRET, `${SECRET}a`, `${SECRET}ab`])
      expect(authorization(secret).needles.some((needle) => echo(secret).includes(needle))).toBe(true);
  });
});

describe("checkSecret", () => {
  it("takes a key, and does not guess its mode, which it does not tell", () => {
    expect(checkSecret(SECRET)).toEqual({ livemode: null, problem: null });
  });

  it.each([
    ["nothing", ""],
    ["a line break at its end", `${SECRET}\n`],
    ["a space before it", ` ${SECRET}`],
    ["the header around it", `Bearer ${SECRET}`],
    ["a line of a settings file", `RESEND_API_KEY=${SECRET}`],
    ["the prefix alone", "re_"],
    ["another vendor's key", "sk_live_51Abc51Abc51Abc51Abc"],
    ["a signing secret", "whsec_51Abc51Abc51Abc51Abc"],
    ["more than any key has", `re_${"a".repeat(201)}`],
  ])("turns away %s, in a sentence that does not contain it", (_, secret) => {
    const { problem } = checkSecret(secret);
    expect(problem).toContain("Resend key");
    if (secret.trim() !== "" && secret !== "re_") expect(problem).not.toContain(secret.trim());
  });
});
