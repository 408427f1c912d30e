/**
 * Whatever two readers of a request could disagree about is refused. So the properties bring the other readers along: whatever
 * passes must be the same to all of them, and the same bytes as came.
 */
import { posix } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHeaders } from "./headers.ts";
import { normalise, type Normalised } from "./normalise.ts";

const LIMITS = { targetLengthMax: 200 };

function judge(target: string, headers: readonly string[] = [], url: string = target): Normalised {
  return normalise(url, target, readHeaders(headers), LIMITS);
}

function why(normalised: Normalised): string {
  return normalised.kind === "ambiguous" ? normalised.why : "it passed";
}

describe("a path", () => {
  test.each<[string, string, readonly string[]]>([
    ["of plain segments", "/v1/payment_intents/pi_1/confirm", ["v1", "payment_intents", "pi_1", "confirm"]],
    ["of one segment", "/v1", ["v1"]],
    [
      "with a dot in a segment",
      "/2010-04-01/Accounts/AC1/Messages.json",
      ["2010-04-01", "Accounts", "AC1", "Messages.json"],
    ],
    ["with three dots, which are a name", "/v1/.../x", ["v1", "...", "x"]],
    ["with a segment that begins with a dot", "/v1/.well-known", ["v1", ".well-known"]],
    ["with every sign that needs no escape", "/~!$&'()*+,=:@-._", ["~!$&'()*+,=:@-._"]],
    ["with an escape of a letter beyond ASCII", "/v1/caf%C3%A9", ["v1", "café"]],
    ["with an escape in small letters", "/v1/caf%c3%a9", ["v1", "café"]],
    ["with an escaped space", "/v1/a%20b", ["v1", "a b"]],
    ["with an escaped sign that stands for nothing", "/v1/a%2Bb%40c", ["v1", "a+b@c"]],
  ])("%s passes as it is", (_what, path, segments) => {
    expect(judge(path)).toEqual({ kind: "request", path, segments, query: "" });
  });

  test.each<[string, string, RegExp]>([
    ["that is empty", "/", /names no endpoint/],
    ["that ends in a slash", "/v1/refunds/", /ends in a slash/],
    ["with an empty segment", "/v1//refunds", /empty segment/],
    ["that begins with two slashes", "//v1", /empty segment/],
    ["of slashes", "///", /ends in a slash/],
    ["with a dot segment", "/v1/./refunds", /dot segment \(\.\)/],
    ["with two dots", "/v1/customers/../refunds", /dot segment \(\.\.\)/],
    ["that ends in two dots", "/v1/..", /dot segment/],
    ["with an escaped dot", "/v1/%2e%2e/refunds", /just \.; write it plainly/],
    ["with a half escaped pair of dots", "/v1/.%2E/refunds", /just \./],
    ["with an escaped slash", "/v1%2Frefunds", /encoded slash/],
    ["with an escaped slash in small letters", "/v1%2frefunds", /encoded slash/],
    ["with a backslash", "/v1\\refunds", /backslash/],
    ["with an escaped backslash", "/v1%5Crefunds", /encoded slash or backslash/],
    ["with an escaped percent sign", "/v1/%252e%252e", /decoded twice/],
    ["with an escaped question mark", "/v1/refunds%3Fa=b", /encoded delimiter/],
    ["with an escaped number sign", "/v1/refunds%23", /encoded delimiter/],
    ["with a semicolon", "/v1/refunds;a=b", /semicolon/],
    ["with an escaped semicolon", "/v1/refunds%3Bx", /encoded delimiter/],
    ["with a fragment", "/v1/refunds#x", /fragment/],
    ["with an escaped letter", "/v1/%72efunds", /just r; write it plainly/],
    ["with an escaped underscore", "/v1/payment%5Fintents", /just _/],
    ["with an escaped NUL", "/v1/refunds%00", /control character/],
    ["with an escaped line break", "/v1/refunds%0d%0aHost:x", /control character/],
    ["with an escaped DEL", "/v1/refunds%7f", /control character/],
    ["with an escaped C1 control", "/v1/refunds%C2%85", /control character/],
    ["with a percent sign and nothing", "/v1/%", /begins no escape/],
    ["with half an escape", "/v1/%2", /begins no escape/],
    ["with an escape of another kind", "/v1/%u002e", /begins no escape/],
    ["with escapes that are not UTF-8", "/v1/%ff", /not UTF-8/],
    ["with a slash in overlong UTF-8", "/v1%C0%AFrefunds", /not UTF-8/],
    ["with half of a surrogate pair", "/v1/%ED%A0%80", /not UTF-8/],
    ["with a full-width slash", "/v1%EF%BC%8Frefunds", /second, simpler spelling/],
    ["with a two dot leader", "/v1/%E2%80%A5/refunds", /second, simpler spelling/],
    ["with the Kelvin sign for a K", "/v1/%E2%84%AA", /second, simpler spelling/],
    ["with a space that does not break", "/v1/refunds%C2%A0", /second, simpler spelling/],
    ["with an accent apart from its letter", "/v1/cafe%CC%81", /second, simpler spelling/],
    ["with a bare space", "/v1/a b", /a space/],
    ["with a tab", "/v1/a\tb", /control character/],
    ["with a letter beyond ASCII", "/v1/caf\u00e9", /not ASCII/],
    ["with a bare brace", "/v1/{id}", /a bare \{/],
    ["with a bare quote", '/v1/"', /a bare "/],
    ["with a bare bracket", "/v1/a[0]", /a bare \[/],
  ])("%s is refused", (_what, path, message) => {
    expect(why(judge(path))).toMatch(message);
  });
});

describe("a query", () => {
  test.each<[string, string]>([
    ["of pairs", "limit=3&starting_after=ch_1"],
    ["with bare brackets, as SDKs write them", "expand[]=customer&created[gt]=5"],
    ["with braces and bars", "a={b}|c"],
    ["with another question mark", "a=b?c"],
    ["with slashes and colons", "url=https://example.com/x"],
    ["with escapes of anything", "a=%00%2e%2F%25%3B%ff"],
    ["with a quote that needs no escape", "query=name:'x'"],
    ["with two dots", "a=../.."],
  ])("%s passes as it is", (_what, query) => {
    expect(judge(`/v1/x?${query}`)).toEqual({ kind: "request", path: "/v1/x", segments: ["v1", "x"], query });
  });

  test("that is empty is none", () => {
    expect(judge("/v1/x?")).toEqual({ kind: "request", path: "/v1/x", segments: ["v1", "x"], query: "" });
  });

  test.each<[string, string, RegExp]>([
    ["with a semicolon", "a=1;b=2", /semicolon/],
    ["with a fragment", "a=1#b", /fragment/],
    ["with half an escape", "a=%2", /begins no escape/],
    ["with a bare space", "a=b c", /a space/],
    ["with a line break", "a=b\r\nX: y", /control character/],
    ["with a NUL", "a=\0", /control character/],
    ["with a letter beyond ASCII", "a=\u00e9", /not ASCII/],
    ["with a double quote", 'a="b"', /a bare "/],
    ["with an angle bracket", "a=<b", /a bare </],
    ["with a backslash", "a=\\b", /a bare \\/],
    ["with a caret", "a=^", /a bare \^/],
    ["with a backtick", "a=`", /a bare `/],
  ])("%s is refused", (_what, query, message) => {
    expect(why(judge(`/v1/x?${query}`))).toMatch(message);
  });

  test("has no sign that is neither allowed nor named in a refusal", () => {
    for (let code = 0; code <= 0x17f; code++) {
      const char = String.fromCharCode(code);
      const judged = judge(`/v1/x?a=${char}`);
      const allowed = /[A-Za-z0-9\-._~!$&'()*+,=:@/?[\]{}|]/.test(char);
      expect(judged.kind, `U+${code.toString(16)}`).toBe(allowed ? "request" : "ambiguous");
    }
  });
});

describe("a target", () => {
  test("in absolute form is refused, wherever it points", () => {
    expect(why(judge("/v1/x", [], "http://api.example.com/v1/x"))).toMatch(/absolute URL/);
    expect(why(judge("/v1/x", [], "https://127.0.0.1/v1/x"))).toMatch(/absolute URL/);
    expect(why(judge("/v1/x", [], "v1/x"))).toMatch(/absolute URL/);
  });

  test("is as long as the limit and no longer, its query included", () => {
    const longest = `/v1/x?${"a".repeat(LIMITS.targetLengthMax - 6)}`;
    expect(judge(longest).kind).toBe("request");
    expect(why(judge(`${longest}a`))).toMatch(/longer than 200 characters/);
  });
});

describe("headers", () => {
  test.each<[string, readonly string[]]>([
    ["that declare a length", ["Content-Length", "3"]],
    ["that declare chunks", ["Transfer-Encoding", "chunked"]],
    ["that declare chunks in capitals", ["Transfer-Encoding", "CHUNKED"]],
    ["that say that nothing is encoded", ["Content-Encoding", "Identity"]],
    ["that offer HTTP/2, as curl and Java do unasked", ["Upgrade", "h2c", "Connection", "Upgrade, HTTP2-Settings"]],
    ["that offer TLS", ["Upgrade", "TLS/1.0"]],
  ])("%s pass", (_what, headers) => {
    expect(judge("/v1/x", headers).kind).toBe("request");
  });

  test.each<[string, readonly string[], RegExp]>([
    ["with a length and chunks", ["Content-Length", "3", "Transfer-Encoding", "chunked"], /both Content-Length and/],
    ["with two lengths", ["Content-Length", "3", "content-length", "4"], /content-length came more than once/],
    ["with the same length twice", ["Content-Length", "3", "Content-Length", "3"], /came more than once/],
    ["with two transfer codings", ["Transfer-Encoding", "gzip, chunked"], /only transfer coding/],
    ["with another transfer coding", ["Transfer-Encoding", "identity"], /only transfer coding/],
    [
      "with a transfer coding that only looks like chunked",
      ["Transfer-Encoding", "\u000bchunked"],
      /only transfer coding/,
    ],
    ["with chunks twice", ["Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"], /came more than once/],
    ["with an empty transfer coding", ["Transfer-Encoding", ""], /only transfer coding/],
    [
      "with a transfer coding that Connection hides",
      ["Connection", "transfer-encoding", "Transfer-Encoding", "x"],
      /only/,
    ],
    ["with two hosts", ["Host", "a", "Host", "b"], /host came more than once/],
    ["with two credentials", ["Authorization", "a", "Authorization", "b"], /authorization came more than once/],
    ["with two content types", ["Content-Type", "a", "Content-Type", "b"], /content-type came more than once/],
    ["with two idempotency keys", ["Idempotency-Key", "a", "idempotency-key", "b"], /came more than once/],
    ["that change the method", ["X-HTTP-Method-Override", "DELETE"], /would change the method/],
    ["that change the method, second spelling", ["X-HTTP-Method", "DELETE"], /would change the method/],
    ["that change the method, third spelling", ["X-Method-Override", "DELETE"], /would change the method/],
    ["that change the path", ["X-Original-URL", "/v1/refunds"], /would change the path/],
    ["that change the path, second spelling", ["X-Rewrite-Url", "/v1/refunds"], /would change the path/],
    ["with a compressed body", ["Content-Encoding", "gzip"], /compressed/],
    ["with an empty content coding", ["Content-Encoding", ""], /compressed/],
    ["that ask for a web socket", ["Upgrade", "websocket"], /upgrade the connection/],
    ["that ask for a web socket beside HTTP/2", ["Upgrade", "h2c, websocket"], /upgrade the connection/],
  ])("%s are refused", (_what, headers, message) => {
    expect(why(judge("/v1/x", headers))).toMatch(message);
  });

  test.each([
    ["an underscore", "Idempotency_Key"],
    ["an underscore in a name about framing", "Content_Length"],
    ["an underscore in a name about the method", "X_HTTP_Method_Override"],
    ["an underscore in one of ours", "Keybrake_Action"],
    ["a dot", "Content.Type"],
    ["another sign", "Content!Type"],
  ])("with %s in a name, which CGI would read as a hyphen, are refused", (_what, name) => {
    expect(why(judge("/v1/x", [name, "x"]))).toMatch(/read as a hyphen/);
  });

  test("for this hop only are not judged, because they are not sent", () => {
    expect(judge("/v1/x", ["Connection", "X-HTTP-Method-Override", "X-HTTP-Method-Override", "PUT"]).kind).toBe(
      "request",
    );
  });
});

// --------------------------------------------------------------------------------------------------------- every other reader

const SNIPPETS = [
  ..."/ / / . .. ; ? # \\ % + & = : @ ~ * ' [ ] { } | a v1 refunds pi_1 é".split(" "),
  ..."%2e %2E %2f %2F %5c %5C %25 %252e %00 %09 %0a %20 %23 %26 %2B %3b %3f %3F %40 %41 %5f %61 %7e %7f %2 %u002f".split(
    " ",
  ),
  ..."%C3%A9 %c3%a9 %CC%81 %C2%85 %C2%A0 %E2%80%A5 %E2%84%AA %EF%BC%8F %EF%BC%8E %C0%AF %ff %F0%9F%92%B8 %E2%80%8B".split(
    " ",
  ),
  " ",
  "\t",
  "\r\n",
  "\0",
  "\u017f",
];
const paths = fc
  .array(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...SNIPPETS) }, fc.string({ unit: "binary", maxLength: 3 })),
    {
      maxLength: 7,
    },
  )
  .map((parts) => `/${parts.join("")}`);

/** The path's segments as somebody else reads them. */
const READERS: readonly (readonly [how: string, read: (path: string) => readonly string[]])[] = [
  ["who decodes first and splits then", (path) => decodeURIComponent(path).slice(1).split("/")],
  ["who decodes twice", (path) => split(path).map((each) => decodeURIComponent(decodeURIComponent(each)))],
  ["who reads it as a URL first (WHATWG)", (path) => decoded(new URL(path, "http://vendor").pathname)],
  ["who takes dot segments out", (path) => decoded(posix.normalize(path))],
  ["who takes dot segments out after decoding", (path) => split(posix.normalize(decodeURIComponent(path)))],
  ["who takes a backslash for a slash", (path) => decodeURIComponent(path).replaceAll("\\", "/").slice(1).split("/")],
  [
    "who cuts parameters off",
    (path) =>
      decodeURIComponent(path)
        .replace(/;[^/]*/g, "")
        .slice(1)
        .split("/"),
  ],
  ["who joins slashes", (path) => decoded(path.replace(/\/+/g, "/").replace(/(?<=.)\/$/, ""))],
  ["who stops at a NUL", (path) => split(decodeURIComponent(path).replace(/\0.*$/s, ""))],
  ["who writes letters in their simplest form", (path) => decoded(path).map((each) => each.normalize("NFKC"))],
  [
    "who stops at a question mark or a fragment after decoding",
    (path) => split(decodeURIComponent(path).replace(/[?#].*$/s, "")),
  ],
];

function split(path: string): string[] {
  return path.slice(1).split("/");
}

function decoded(path: string): string[] {
  return split(path).map(decodeURIComponent);
}

describe("whatever path passes", () => {
  test.each(READERS)("is the same to a reader %s", (_how, read) => {
    fc.assert(
      fc.property(paths, (path) => {
        const judged = judge(path);
        if (judged.kind === "request") expect(read(judged.path)).toEqual(judged.segments);
      }),
      { numRuns: 1_000 },
    );
  });

  test("can be taken apart and put together again", () => {
    fc.assert(
      fc.property(paths, (path) => {
        const judged = judge(path);
        if (judged.kind === "ambiguous") return;
        const rebuilt = `/${judged.segments.map(encodeURIComponent).join("/")}`;
        expect(decoded(rebuilt)).toEqual(judged.segments);
      }),
      { numRuns: 1_000 },
    );
  });

  test("is often enough one that passes for these properties to say something", () => {
    const passed = fc.sample(paths, 2_000).filter((path) => judge(path).kind === "request");
    expect(passed.length).toBeGreaterThan(50);
    expect(passed.some((path) => path.includes("%"))).toBe(true);
  });
});

describe("whatever passes", () => {
  const QUERY_SNIPPETS = [...`a b = & [ ] { } | ? / % ; # ' " \\ ^ + é %2 %26 %3B`.split(" "), " "];
  const queries = fc.string({ unit: fc.constantFrom(...QUERY_SNIPPETS), maxLength: 8 });

  test("goes out as the bytes that came; only a question mark with nothing behind it stays here", () => {
    fc.assert(
      fc.property(paths, fc.option(queries, { nil: null }), (path, query) => {
        const target = query === null ? path : `${path}?${query}`;
        const judged = judge(target);
        if (judged.kind === "ambiguous") return;
        const sent = judged.query === "" ? judged.path : `${judged.path}?${judged.query}`;
        expect(sent).toBe(target.endsWith("?") && judged.query === "" ? target.slice(0, -1) : target);
        expect(sent).toMatch(/^[\x21-\x7e]+$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test("has the query that a URL has", () => {
    fc.assert(
      fc.property(queries, (query) => {
        const judged = judge(`/v1/x?${query}`);
        // WHATWG writes ' as %27 in a query, which every reader decodes back to the same sign.
        if (judged.kind === "request" && judged.query !== "")
          expect(new URL(`http://vendor/v1/x?${query}`).search).toBe(`?${judged.query.replaceAll("'", "%27")}`);
      }),
      { numRuns: 2_000 },
    );
  });
});

test("noise never throws", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.array(fc.string()), (target, headers) => {
      expect(["request", "ambiguous"]).toContain(judge(target, headers).kind);
    }),
  );
});
