import { describe, expect, it } from "vitest";
import { resend } from "./index.ts";
import { operations } from "./operations.ts";
import { callOf, found, pricing } from "./test-support.ts";

function turnOf(name: string): string | null {
  const operation = operations.byName(name);
  return operation === null ? "there is no such operation" : resend.turnOf(operation);
}

describe("turns", () => {
  it.each([
    "audiences.contacts.create",
    "broadcasts.create",
    "broadcasts.update",
    "broadcasts.send",
    "contacts.create",
    "contacts.imports.create",
    "contacts.segments.add",
    "contact_properties.update",
    "automations.update",
    "events.send",
    "inboxes.drafts.update",
    "inboxes.drafts.send",
    "inboxes.threads.emails.reply",
    "segments.update",
  ])("are taken by %s, which sends to an audience or changes one", (name) => {
    expect(turnOf(name)).toBe("audience");
  });

  it.each(["emails.send", "emails.batch.send", "templates.update", "suppressions.remove", "domains.update"])(
    "are not taken by %s",
    (name) => {
      expect(turnOf(name)).toBeNull();
    },
  );

  it("are taken by whatever looks something up before it is sent, and never by what only reads", () => {
    for (const operation of operations.operations) {
      if (operation.class === "read") expect(resend.turnOf(operation), operation.name).toBeNull();
      if (operation.class !== "money") continue;
      const path = operation.path.replaceAll(/\{\w+\}/g, "x_1");
      const call = callOf(`${operation.method} ${path}`, { send: true, segment_id: "s_1" });
      const looksUp = resend.estimate(call, pricing, []).kind === "look_up";
      if (looksUp) expect(resend.turnOf(operation), operation.name).toBe("audience");
    }
  });
});

describe("what is very long", () => {
  it("is not taken: what may be read is a quarter of what Resend would take", () => {
    expect(resend.bodyBytesMax).toBe(10 * 1024 * 1024);
  });

  it("is counted where it comes from the vendor, however many recipients it could be", () => {
    const call = callOf("POST /inboxes/i/drafts/d_1/send");
    const draft = found({ id: "d_1", to: "@".repeat(1_000_000), cc: ["a@b.example"] });
    expect(resend.estimate(call, pricing, [draft])).toMatchObject({ kind: "money", exposure: 1_000_001_000n });
  });
});
