/**
 * Step 2: one canonical request, or a sentence that says what was ambiguous. Two readers of an HTTP request can disagree about
 * where a path ends, which of two headers counts, or what `%2e%2e` is; whatever they could disagree about is refused, because
 * the vendor is the second reader. What passes is judged as it is and sent as it is: nothing is rewritten here.
 */
import type { RequestHeaders } from "./headers.ts";
import type { Limits } from "./limits.ts";

export type Normalised =
  | {
      readonly kind: "request";
      readonly path: string;
      /** Decoded segments. */
      readonly segments: readonly string[];
      /** Raw, without the question mark. */
      readonly query: string;
    }
  | { readonly kind: "ambiguous"; readonly why: string };

export function normalise(
  url: string,
  target: string,
  headers: RequestHeaders,
  limits: Pick<Limits, "targetLengthMax">,
): Normalised {
  const headerProblem = problemOfHeaders(headers);
  if (headerProblem !== null) return ambiguous(headerProblem);
  if (!url.startsWith("/")) return ambiguous("The request target is an absolute URL; only a path is accepted.");
  if (target.length > limits.targetLengthMax)
    return ambiguous(`The request target is longer than ${limits.targetLengthMax} characters.`);

  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : target.slice(mark + 1);
  const queryProblem = query === "" ? null : problemOfQuery(query);
  if (queryProblem !== null) return ambiguous(queryProblem);

  if (PLAIN_PATH.test(path)) {
    const segments = path.slice(1).split("/");
    if (!segments.includes(".") && !segments.includes("..")) return { kind: "request", path, segments, query };
  }
  const pathProblem = problemOfPath(path);
  if (pathProblem !== null) return ambiguous(pathProblem);
  return { kind: "request", path, segments: path.slice(1).split("/").map(decodeURIComponent), query };
}

function ambiguous(why: string): Normalised {
  return { kind: "ambiguous", why };
}

// -------------------------------------------------------------------------------------------------------------- headers

/** Servers behind frameworks obey these, and then the method that was judged is not the one that is done. */
const METHOD_OVERRIDES: readonly string[] = ["x-http-method-override", "x-http-method", "x-method-override"];

/** Some servers and frameworks take these for the path of the request. */
const PATH_OVERRIDES: readonly string[] = ["x-original-url", "x-rewrite-url"];

/**
 * CGI's variables, and with them Rack and WSGI, write `a_b` and `a-b` as the same HTTP_A_B; some write every other sign so too. Then
 * `Idempotency_Key` is one header to us and another one to the vendor. https://www.rfc-editor.org/rfc/rfc3875#section-4.1.18
 */
const PLAIN_NAME = /^[a-z0-9-]+$/;

function problemOfHeaders(headers: RequestHeaders): string | null {
  if (headers.repeated !== null) return `The header ${headers.repeated} came more than once.`;
  for (const name of headers.judged.keys())
    if (!PLAIN_NAME.test(name)) return `The header ${name} has a sign in its name that some servers read as a hyphen.`;
  for (const name of METHOD_OVERRIDES)
    if (headers.judged.has(name)) return `The header ${name} would change the method after it has been judged.`;
  for (const name of PATH_OVERRIDES)
    if (headers.judged.has(name)) return `The header ${name} would change the path after it has been judged.`;
  const coding = headers.transferEncoding;
  if (coding !== null && coding.toLowerCase() !== "chunked") return "The only transfer coding accepted is chunked.";
  if (coding !== null && headers.contentLength !== null)
    return "The request has both Content-Length and Transfer-Encoding.";
  const encoding = headers.judged.get("content-encoding");
  if (encoding !== undefined && encoding.toLowerCase() !== "identity")
    return "The body is compressed, so it cannot be judged as it is; send it as it is.";
  // Some clients offer HTTP/2 or TLS unasked on every plain request; a server may ignore the offer (RFC 9110, section 7.8).
  if (headers.upgrade !== null && !/^(?:h2c|tls\/[\d.]+)$/i.test(headers.upgrade.trim()))
    return "The request asks to upgrade the connection to another protocol.";
  return null;
}

// ---------------------------------------------------------------------------------------------------------------- query

function problemOfQuery(query: string): string | null {
  if (PLAIN_QUERY.test(query)) return null;
  const odd = /[^\x21-\x7e]/.exec(query);
  if (odd !== null) return `The query has ${nameOf(odd[0])} in it; it must be percent-encoded.`;
  if (query.includes("#")) return "The query has a fragment (#) behind it.";
  if (query.includes(";")) return "The query has a bare semicolon, which some servers read as &; write %3B.";
  if (/%(?![0-9A-Fa-f]{2})/.test(query)) return "The query has a percent sign that begins no escape.";
  const raw = /["<>\\^`]/.exec(query);
  if (raw !== null) return `The query has ${nameOf(raw[0])} in it; it must be percent-encoded.`;
  return null;
}

/** https://www.rfc-editor.org/rfc/rfc3986#section-3.4, and the bare brackets and braces that SDKs really send; without `;`. */
const PLAIN_QUERY = /^(?:[A-Za-z0-9\-._~!$&'()*+,=:@/?[\]{}|]|%[0-9A-Fa-f]{2})*$/;

// ----------------------------------------------------------------------------------------------------------------- path

/** https://www.rfc-editor.org/rfc/rfc3986#section-3.3 without `;` and without escapes; dot segments are looked for apart. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9\-._~!$&'()*+,=:@]+)+$/;

function problemOfPath(path: string): string | null {
  if (path === "/") return "The path is empty: it names no endpoint.";
  const odd = /[^\x21-\x7e]/.exec(path);
  if (odd !== null) return `The path has ${nameOf(odd[0])} in it; it must be percent-encoded.`;
  if (path.includes("\\")) return "The path has a backslash, which some servers read as a slash.";
  if (path.includes("#")) return "The path has a fragment (#) behind it.";
  if (path.includes(";")) return "The path has a semicolon, which some servers cut off with what follows.";
  const raw = /[^A-Za-z0-9\-._~!$&'()*+,=:@/%]/.exec(path);
  if (raw !== null) return `The path has ${nameOf(raw[0])} in it; it must be percent-encoded.`;
  if (path.endsWith("/")) return "The path ends in a slash.";
  if (path.includes("//")) return "The path has an empty segment (//).";
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return "The path has a percent sign that begins no escape.";
  for (const [escape] of path.matchAll(/%[0-9A-Fa-f]{2}/g)) {
    const problem = problemOfEscape(escape);
    if (problem !== null) return problem;
  }
  for (const segment of path.slice(1).split("/")) {
    if (segment === "." || segment === "..") return `The path has a dot segment (${segment}).`;
    const decoded = decodedOrNull(segment);
    if (decoded === null) return "The path has escapes that are not UTF-8.";
    // U+0080 to U+009F can only come out of escapes, and U+FF0F and its like are letters to us and slashes to a careless server.
    if (/\p{Cc}/u.test(decoded)) return "The path has an encoded control character.";
    if (decoded.normalize("NFKC") !== decoded) return "The path has characters that have a second, simpler spelling.";
  }
  return null;
}

/** What must not hide behind an escape, because a server that decodes at another moment sees another path. */
function problemOfEscape(escape: string): string | null {
  const byte = Number.parseInt(escape.slice(1), 16);
  const char = String.fromCharCode(byte);
  if (byte < 0x20 || byte === 0x7f) return `The path has an encoded control character (${escape}).`;
  if (char === "/" || char === "\\") return `The path has an encoded slash or backslash (${escape}).`;
  if (char === "%") return `The path has an encoded percent sign (${escape}), which could be decoded twice.`;
  if (char === "?" || char === "#" || char === ";") return `The path has an encoded delimiter (${escape}).`;
  if (/[A-Za-z0-9\-._~]/.test(char)) return `The path has ${escape}, which is just ${char}; write it plainly.`;
  return null;
}

function decodedOrNull(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function nameOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code === 0x20) return "a space";
  if (code < 0x20 || code === 0x7f) return "a control character";
  return code > 0x7f ? "a character that is not ASCII" : `a bare ${char}`;
}
