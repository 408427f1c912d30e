/* oxlint-disable typescript/no-unsafe-type-assertion -- what the types forbid is tested */
import { describe, expect, test } from "vitest";
import { Fault, InvariantViolation, invariant, unreachable } from "./invariant.ts";

describe("invariant", () => {
  test("what holds passes, what does not is ours", () => {
    expect(() => invariant(true, "never said")).not.toThrow();
    expect(() => invariant(0, "zero is not enough")).toThrow(new InvariantViolation("zero is not enough"));
  });

  test("a forgotten kind is named, and nothing else of the value is", () => {
    const leaky = { kind: "brand_new", secret: "sk_live_canary" } as never;
    expect(() => unreachable(leaky)).toThrow(/brand_new/);
    expect(() => unreachable(leaky)).not.toThrow(/canary/);
    expect(() => unreachable({ secret: "sk_live_canary" } as never)).not.toThrow(/canary/);
    expect(() => unreachable(null as never)).toThrow(InvariantViolation);
  });
});

describe("Fault", () => {
  test("keeps code, public sentence, private note and cause apart", () => {
    const cause = new Error("ENOSPC");
    const fault = new Fault("store_unavailable", "Try again shortly.", { cause, note: "journal flush" });
    expect(fault).toMatchObject({
      code: "store_unavailable",
      publicMessage: "Try again shortly.",
      note: "journal flush",
    });
    expect(fault.cause).toBe(cause);
    expect(fault.publicMessage).not.toContain("journal");
    expect(String(fault)).toBe("Fault: store_unavailable: Try again shortly. (journal flush)");
  });

  test("without a cause there is none, not an undefined one", () => {
    expect("cause" in new Fault("x", "y")).toBe(false);
  });
});
