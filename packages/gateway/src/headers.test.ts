import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FORWARDED_DIFFERENCES, readHeaders } from "./headers.ts";

/** As node gives them: names and values in their order and case. */
function raw(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
}

/** What would be sent, with the place of the vendor's credential marked. */
function sentWithCredential(rawHeaders: readonly string[]): string[] {
  const { sent, authorizationAt } = readHeaders(rawHeaders);
  const all = sent.toSpliced(authorizationAt, 0, "Authorization", "the vendor's");
  return all.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${all[at + 1] ?? ""}`] : []));
}

describe("what is sent", () => {
  test("is what came, in its order and case, with the credential in the caller's place", () => {
    const rawHeaders = raw("User-Agent: sdk", "x-Custom: A", "AUTHORIZATION: Bearer kb", "Accept: */*", "Empty:");
    expect(sentWithCredential(rawHeaders)).toEqual([
      "User-Agent: sdk",
      "x-Custom: A",
      "Authorization: the vendor's",
      "Accept: */*",
      "Empty: ",
    ]);
  });

  test("has the credential behind everything else when the caller sent none", () => {
    expect(sentWithCredential(raw("Accept: */*", "X: 1"))).toEqual([
      "Accept: */*",
      "X: 1",
      "Authorization: the vendor's",
    ]);
  });

  test.each<[string, string]>([
    ["Host, which is ours", "Host: localhost"],
    ["Connection", "Connection: keep-alive"],
    ["Keep-Alive", "Keep-Alive: timeout=5"],
    ["Proxy-Authorization", "Proxy-Authorization: Basic eA=="],
    ["Proxy-Connection", "proxy-connection: keep-alive"],
    ["TE", "TE: trailers"],
    ["Trailer", "Trailer: X"],
    ["Transfer-Encoding", "Transfer-Encoding: chunked"],
    ["Upgrade", "Upgrade: h2c"],
    ["HTTP2-Settings", "HTTP2-Settings: AAMAAABk"],
    ["Expect", "Expect: 100-continue"],
    ["Content-Length", "Content-Length: 3"],
    ["the caller's own credential", "Authorization: Bearer kb"],
    ["what is for Keybrake", "KEYBRAKE-Action: x"],
  ])("never has %s, and neither has what is judged", (_what, line) => {
    const { sent, judged } = readHeaders(raw("A: 1", line, "B: 2"));
    expect(sent).toEqual(["A", "1", "B", "2"]);
    expect([...judged.keys()]).toEqual(["a", "b"]);
  });

  test("keeps what only looks like those", () => {
    const lines = ["Hosts: x", "X-Authorization: x", "Keybrake: x", "Proxy: x", "Upgrade-Insecure-Requests: 1"];
    expect(readHeaders(raw(...lines)).sent).toEqual(raw(...lines));
  });

  test("keeps the bytes of a value that is not ASCII", () => {
    expect(readHeaders(["X-Name", "Ren\u00e9"]).sent).toEqual(["X-Name", "Ren\u00e9"]);
  });
});

describe("a header that Connection names is for this hop", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["and goes neither on nor into the judgement", ["Connection: X-Hop", "X-Hop: 1", "X-Stays: 2"], ["X-Stays: 2"]],
    ["in any case and with any space", ["connection:  x-HOP ,keep-alive", "X-Hop: 1"], []],
    ["named by any of several Connection headers", ["Connection: a", "A: 1", "Connection: b", "B: 2"], []],
    ["every time that it came", ["Connection: accept", "Accept: a", "X: 1", "Accept: b"], ["X: 1"]],
    ["also before the Connection header", ["X-Hop: 1", "Connection: X-Hop"], []],
    ["also when its name is said twice", ["Connection: x-hop, x-hop", "X-Hop: 1"], []],
    ["but nothing else is removed", ["Connection: close, , x-absent", "X: 1"], ["X: 1"]],
  ])("%s", (_what, lines, expected) => {
    const { sent, judged } = readHeaders(raw(...lines));
    expect(sent).toEqual(raw(...expected));
    expect([...judged.keys()]).toEqual(expected.map((line) => line.slice(0, line.indexOf(":")).toLowerCase()));
  });

  test("even if it is the credential: then the vendor's still goes out, and nothing of the caller's", () => {
    const read = readHeaders(raw("A: 1", "Authorization: Bearer kb", "Connection: Authorization, a"));
    expect(read.authorization).toBe("Bearer kb");
    expect(read.sent).toEqual([]);
    expect(read.authorizationAt).toBe(0);
  });

  test("and the rules about framing do not lose sight of it", () => {
    const lines = ["Connection: Transfer-Encoding, Content-Length", "Transfer-Encoding: chunked", "Content-Length: 3"];
    expect(readHeaders(raw(...lines))).toMatchObject({ transferEncoding: "chunked", contentLength: "3" });
  });
});

describe("a header that comes twice", () => {
  test.each([
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Cache-Control",
    "Forwarded",
    "Via",
    "X-Forwarded-For",
  ])("is joined for judging and sent as it came, if it is a list: %s", (name) => {
    const read = readHeaders(raw(`${name}: a`, "X: 1", `${name.toUpperCase()}: b`));
    expect(read.repeated).toBeNull();
    expect(read.judged.get(name.toLowerCase())).toBe("a, b");
    expect(read.sent).toEqual([name, "a", "X", "1", name.toUpperCase(), "b"]);
  });

  test.each([
    "Authorization",
    "Content-Length",
    "Content-Type",
    "Content-Encoding",
    "Cookie",
    "Expect",
    "Host",
    "Idempotency-Key",
    "Keybrake-Action",
    "Proxy-Authorization",
    "Transfer-Encoding",
    "Upgrade",
    "X-Anything",
  ])("is named, whatever the case and whether or not it is sent: %s", (name) => {
    expect(readHeaders(raw(`${name}: a`, `${name.toUpperCase()}: a`)).repeated).toBe(name.toLowerCase());
  });

  test("is named also when Connection takes it away again", () => {
    expect(readHeaders(raw("X: 1", "X: 2", "Connection: x")).repeated).toBe("x");
  });

  test("is judged by its first value, and the first such header is the one that is named", () => {
    const read = readHeaders(raw("A: 1", "B: 1", "B: 2", "A: 2"));
    expect(read.repeated).toBe("b");
    expect(read.judged.get("a")).toBe("1");
  });
});

describe("the credential", () => {
  test("of the caller is in nothing that goes on", () => {
    const read = readHeaders(raw("Authorization: Bearer kbsecret", "AUTHORIZATION: Bearer kbsecret", "X: 1"));
    expect(JSON.stringify([read.sent, [...read.judged]])).not.toContain("kbsecret");
  });

  test("keeps its place among what is sent, whatever Connection takes away around it", () => {
    const name = fc.constantFrom("A", "b", "Accept", "accept", "X-C", "Host", "Keybrake-D");
    fc.assert(
      fc.property(fc.array(name), fc.array(name), fc.array(name, { maxLength: 3 }), (before, behind, named) => {
        const lines = [
          ...before.map((each) => `${each}: 1`),
          "Authorization: x",
          ...behind.map((each) => `${each}: 2`),
        ];
        const dropped = new Set(named.map((each) => each.toLowerCase()));
        const goesOn = (each: string): boolean =>
          !/^(?:host|keybrake-)/i.test(each) && !dropped.has(each.toLowerCase());
        expect(sentWithCredential(raw(...lines, `Connection: ${named.join(", ")}`))).toEqual([
          ...before.filter(goesOn).map((each) => `${each}: 1`),
          "Authorization: the vendor's",
          ...behind.filter(goesOn).map((each) => `${each}: 2`),
        ]);
      }),
    );
  });
});

test("what is judged is exactly what is sent", () => {
  const name = fc.constantFrom(
    "A",
    "a",
    "Accept",
    "accept",
    "Via",
    "Content-Type",
    "Idempotency-Key",
    "TE",
    "Connection",
  );
  const value = fc.constantFrom("a", "via, content-type", "x", "");
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
      const { sent, judged, repeated } = readHeaders(pairs.flat());
      fc.pre(repeated === null);
      const joined = new Map<string, string>();
      for (let at = 0; at < sent.length; at += 2) {
        const lower = (sent[at] ?? "").toLowerCase();
        const before = joined.get(lower);
        joined.set(lower, before === undefined ? (sent[at + 1] ?? "") : `${before}, ${sent[at + 1] ?? ""}`);
      }
      expect(new Map(judged)).toEqual(joined);
    }),
  );
});

test("every difference between what came and what goes is in the published list", () => {
  const published = FORWARDED_DIFFERENCES.map(({ header }) => header.toLowerCase());
  const isPublished = (name: string): boolean =>
    published.some((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : each === name));
  const names = (
    "accept authorization connection content-length content-type cookie date expect from host http2-settings idempotency-key " +
    "if-match keep-alive keybrake-action origin pragma proxy-authorization proxy-connection range referer te trailer " +
    "transfer-encoding upgrade user-agent via warning x-forwarded-for x-stripe-client-telemetry"
  ).split(" ");
  for (const name of names) expect(readHeaders([name, "x"]).sent.length === 0 && !isPublished(name), name).toBe(false);
});
