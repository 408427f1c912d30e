import { describe, expect, it } from "vitest";
import { coverageOf, coverageProblem } from "../../../../tools/published/published.ts";
import { publishedResend } from "../../../../tools/published/resend.ts";
import { operations } from "./operations.ts";

const published = await publishedResend();
const table = operations.operations.map((operation) => [operation.name, operation] as const);

const VERBS =
  /\.(?:add|cancel|create|duplicate|forward|get|list|publish|remove|replay|reply|revoke|rotate|search|send|set|share|stop|update|verify)$/;

const METHODS_OF_VERB: Readonly<Record<string, readonly string[]>> = {
  list: ["GET"],
  get: ["GET"],
  search: ["GET"],
  update: ["PATCH"],
  set: ["PUT"],
  remove: ["DELETE", "POST"],
  revoke: ["DELETE"],
};

function namesOf(operationClass: string): readonly string[] {
  return operations.operations.filter((each) => each.class === operationClass).map(({ name }) => name);
}

describe("Resend's operations", () => {
  it("have a class for everything that Resend publishes, and are none that it does not", () => {
    expect(coverageProblem("resend", coverageOf(operations, published))).toBeNull();
  });

  it("are missed by name where one has no class", () => {
    const newer = [...published, { method: "POST", path: "/faxes/{}/send", source: "npm" }];
    expect(coverageProblem("resend", coverageOf(operations, newer))).toContain("POST /faxes/{}/send");
    const older = published.filter(({ path }) => path !== "/usage");
    expect(coverageProblem("resend", coverageOf(operations, older))).toContain("GET /usage");
  });

  it("are 146: 142 of the package, and four that only the description has", () => {
    const from = (source: string): number => published.filter((each) => each.source.split("+").includes(source)).length;
    expect([from("npm"), from("spec"), published.length]).toEqual([142, 104, 146]);
    expect(operations.operations).toHaveLength(146);
    const lines = published.map(({ method, path, source }) => `${method} ${path} ${source}`);
    // What a reading of the package's text alone misses: a helper's paths, and the deprecated branch of `contacts.create`.
    expect(lines).toContain("POST /inboxes/{}/drafts/{}/send npm");
    expect(lines).toContain("POST /audiences/{}/contacts npm");
    expect(lines).toContain("GET /audiences spec");
  });

  it.each(table)("%s is found by its name, and named after its path and a verb of the SDK", (name, operation) => {
    expect(operations.byName(name)).toBe(operation);
    expect(name).toMatch(VERBS);
    const parts = name.split(".");
    const verb = parts.at(-1) ?? "";
    expect(METHODS_OF_VERB[verb] ?? ["POST"]).toContain(operation.method);
    const literals = operation.path
      .slice(1)
      .split("/")
      .filter((segment) => !segment.startsWith("{"))
      .map((segment) => segment.replaceAll("-", "_"));
    const resources = literals.at(-1) === verb ? literals.slice(0, -1) : literals;
    expect(parts.slice(0, -1)).toEqual(resources);
  });

  it.each(table)("%s is matched by its own path and by no other", (name, { method, path }) => {
    const segments = path
      .slice(1)
      .split("/")
      .map((segment) => (segment.startsWith("{") ? "x_1" : segment));
    expect(operations.match(method, segments)?.operation.name).toBe(name);
    expect(operations.match(method, [...segments, "more"])?.operation.name).not.toBe(name);
    expect(operations.match("HEAD", segments)).toBeNull();
  });

  it("send mail exactly where they are money", () => {
    expect(namesOf("money")).toEqual([
      "emails.send",
      "emails.batch.send",
      "broadcasts.create",
      "broadcasts.update",
      "broadcasts.send",
      "inboxes.drafts.send",
      "inboxes.threads.emails.reply",
      "inboxes.threads.emails.forward",
    ]);
  });

  it("are unbounded where something mails or fills an audience from then on, or where no price is known", () => {
    expect(namesOf("unbounded")).toEqual([
      "contacts.imports.create",
      "automations.create",
      "automations.update",
      "events.send",
      "inboxes.create",
      "inboxes.agent.update",
    ]);
  });

  it("hand out no secret: what answers with one is refused, or has it blanked out", () => {
    const bearing = operations.operations.filter((each) => each.class === "secret-bearing");
    expect(bearing.map(({ name, redacts }) => `${name}: ${redacts?.join(" ") ?? "refused"}`)).toEqual([
      "webhooks.create: refused",
      "webhooks.get: signing_secret",
      "webhooks.signing_secret.rotate: refused",
      "api_keys.create: refused",
      "logs.get: request_body response_body",
    ]);
  });

  it("count as usage wherever they count at all", () => {
    for (const { name, class: operationClass, directions } of operations.operations) {
      const moves = operationClass === "money" || operationClass === "unbounded";
      expect(directions, name).toEqual(moves ? ["usage"] : []);
    }
  });

  it("read with GET alone, and with GET do nothing else but reveal", () => {
    for (const { name, method, class: operationClass } of operations.operations) {
      if (operationClass === "read") expect(method, name).toBe("GET");
      if (method === "GET") expect(["read", "secret-bearing"], name).toContain(operationClass);
    }
  });

  it.each([
    ["a batch is no mail called so", "POST", "/emails/batch", "emails.batch.send"],
    ["a sent event is no event's own", "POST", "/events/send", "events.send"],
    ["received mails are no mail called so", "GET", "/emails/receiving", "emails.receiving.list"],
    ["a search is no thread called so", "GET", "/inboxes/i/threads/search", "inboxes.threads.search"],
    ["a claim is no domain called so", "POST", "/domains/claim", "domains.claim.create"],
  ])("%s", (_, method, path, name) => {
    expect(operations.match(method, path.slice(1).split("/"))?.operation.name).toBe(name);
  });
});
