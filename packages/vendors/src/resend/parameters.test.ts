import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operations } from "./operations.ts";
import { parameterNames } from "./parameter-names.ts";
import { constrained, readParameters } from "./parameters.ts";
import { callOf, MAIL, requestOf } from "./test-support.ts";

function why(line: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): string | null {
  const read = readParameters(requestOf(line, body, headers));
  return read.kind === "ambiguous" ? read.why : null;
}

describe("Resend's parameters", () => {
  it("are the body's, named flat", () => {
    expect(
      Object.fromEntries(callOf("POST /emails", { ...MAIL, to: ["a@x.example", "b@x.example"] }).parameters),
    ).toEqual({
      from: MAIL.from,
      "to[0]": "a@x.example",
      "to[1]": "b@x.example",
      subject: "Hello",
      text: "Hi",
    });
  });

  it("are a query's where something is read", () => {
    expect([...callOf("GET /contacts?limit=10&after=c_1").parameters]).toEqual([
      ["limit", "10"],
      ["after", "c_1"],
    ]);
  });

  it("are none where there is no body", () => {
    expect(callOf("POST /broadcasts/b_1/send").parameters.size).toBe(0);
  });

  it.each([["application/json; charset=utf-8"], ['application/json; charset="UTF-8"'], ["Application/JSON"]])(
    "are read whatever the case and the charset that %s names",
    (contentType) => {
      expect(why("POST /emails", MAIL, { "content-type": contentType })).toBeNull();
    },
  );

  it.each<[string, string, unknown, Readonly<Record<string, string>>, string]>([
    ["a name twice", "POST /emails", '{"to":"a@x.example","to":["b@x.example","c@x.example"]}', {}, "twice"],
    ["a form", "POST /emails", "to=a", { "content-type": "application/x-www-form-urlencoded" }, "application/json"],
    ["no content type", "POST /emails", MAIL, { "content-type": "" }, "Content-Type"],
    ["another charset", "POST /emails", MAIL, { "content-type": "application/json; charset=utf-16" }, "charset"],
    ["a compressed body", "POST /emails", MAIL, { "content-encoding": "gzip" }, "compressed"],
    ["a query beside the body of what pays", "POST /emails?to=b@x.example", MAIL, {}, "query"],
    ["a query of what has no bound", "POST /events/send?event=x", {}, {}, "query"],
    ["a name in query and body", "POST /contacts?email=a", { email: "b" }, {}, "query and in the body"],
    ["a name twice in the query", "GET /contacts?limit=1&limit=2", undefined, {}, "twice"],
    ["a GET with a body", "GET /emails", MAIL, {}, "GET"],
    ["another method in a header", "POST /emails", MAIL, { "x-http-method-override": "PATCH" }, "method"],
  ])("are refused: %s", (_, line, body, headers, words) => {
    expect(why(line, body, headers)).toContain(words);
  });

  it("of the largest batch there can be are not too many", () => {
    const addresses = Array.from({ length: 50 }, (_, index) => `a${index}@x.example`);
    const batch = Array.from({ length: 100 }, () => ({ ...MAIL, to: addresses, cc: addresses, bcc: addresses }));
    expect(callOf("POST /emails/batch", batch).parameters.size).toBe(100 * 153);
  });
});

describe("constraints", () => {
  it("see each mail of a batch on its own, with the names of a single mail", () => {
    const sets = constrained(
      callOf("POST /emails/batch", [{ ...MAIL, to: ["a@x.example"] }, { from: "b@y.example" }, {}]),
    );
    expect(sets.map((set) => Object.fromEntries(set))).toEqual([
      { from: MAIL.from, "to[0]": "a@x.example", subject: "Hello", text: "Hi" },
      { from: "b@y.example" },
      {},
    ]);
  });

  it("see what stands in the path, which no parameter of the same name hides", () => {
    const [set] = constrained(callOf("PATCH /broadcasts/b_1", { broadcast: "b_2", name: "x" }));
    expect(Object.fromEntries(set ?? [])).toEqual({ broadcast: "b_1", name: "x" });
  });

  it("find nothing in a batch that is none, so that what they name is missing", () => {
    expect(constrained(callOf("POST /emails/batch", { ...MAIL }))).toEqual([new Map()]);
    expect(constrained(callOf("POST /emails/batch", []))).toEqual([new Map()]);
    expect(constrained(callOf("POST /emails/batch", ["a"]))).toEqual([new Map()]);
  });

  it("may name the parameters of every operation that moves money, and those of its path", () => {
    for (const operation of operations.operations)
      if (operation.class === "money") expect(parameterNames(operation)?.length, operation.name).toBeGreaterThan(0);
    const names = (name: string): readonly string[] | null => {
      const operation = operations.byName(name);
      return operation === null ? null : parameterNames(operation);
    };
    expect(names("emails.send")).toEqual(expect.arrayContaining(["from", "to", "cc", "bcc", "subject"]));
    expect(names("emails.batch.send")).toEqual(expect.arrayContaining(["from", "to"]));
    expect(names("emails.get")).not.toContain("from");
  });
});

describe("any body", () => {
  it("never throws", () => {
    fc.assert(
      fc.property(fc.constantFrom("/emails", "/emails/batch", "/broadcasts"), fc.json(), (path, body) => {
        const read = readParameters(requestOf(`POST ${path}`, body));
        if (read.kind === "parameters") constrained(callOf(`POST ${path}`, body));
      }),
    );
  });
});
