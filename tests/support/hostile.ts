/**
 * Hostile requests as bytes on a socket: everything by which two readers of one HTTP request could come to different conclusions
 * about where it goes and what it costs. Each is a small change of an honest request; whether it should be refused or passed is not
 * said here, because passing is fine where nobody can read it in another way.
 */

export interface Honest {
  readonly method: "POST";
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  /** A parameter that costs, its honest value, and one that costs more. */
  readonly costly: { readonly name: string; readonly value: string; readonly more: string };
  /** A path of the same vendor that the key may not call. */
  readonly forbidden: string;
  /** A path that the key may only read. */
  readonly readable: string;
  /** Headers that the vendor obeys and the key may not send. */
  readonly forbiddenHeaders: readonly (readonly [name: string, value: string])[];
}

export interface HostileRequest {
  readonly name: string;
  /** All bytes of the connection. `<auth>` stands for the caller's authorization, `^` for the path prefix. */
  readonly bytes: string;
}

interface Parts {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  readonly headers?: readonly string[];
  readonly contentType?: string | null;
  readonly body?: string;
  readonly length?: string | null;
  /** After the request, on the same connection. */
  readonly after?: string;
}

const CRLF = "\r\n";

export function hostileRequests(honest: Honest): HostileRequest[] {
  const { path, costly, forbidden, readable } = honest;
  const made: HostileRequest[] = [];
  const add = (name: string, parts: Parts): void => {
    const {
      method = honest.method,
      target = `^${path}`,
      version = "HTTP/1.1",
      headers = [],
      contentType = honest.contentType,
      body = honest.body,
      length = String(Buffer.byteLength(body, "latin1")),
      after = "",
    } = parts;
    const lines = [
      `${method} ${target} ${version}`,
      "Host: keybrake.test",
      "Authorization: <auth>",
      "User-Agent: test",
      ...(contentType === null ? [] : [`Content-Type: ${contentType}`]),
      ...(length === null ? [] : [`Content-Length: ${length}`]),
      ...headers,
    ];
    made.push({ name, bytes: lines.join(CRLF) + CRLF + CRLF + body + after });
  };

  // ------------------------------------------------------------------------------------------------------------- paths
  const segments = path.slice(1).split("/");
  const last = segments.at(-1) ?? "";
  const parent = segments.slice(0, -1).join("/");
  const up = "../".repeat(readable.split("/").length);
  const paths: [string, string][] = [
    ["dot segments to another endpoint", `${readable}/${up.slice(0, -1)}${forbidden}`],
    ["a dot segment", `/./${path.slice(1)}`],
    ["a dot segment at the end", `${path}/.`],
    ["two dots at the end", `${path}/..`],
    ["encoded dots", `/%2e%2e${forbidden}`],
    ["encoded dots, upper case", `${readable}/%2E%2E${forbidden}`],
    ["half encoded dots", `${readable}/.%2e${forbidden}`],
    ["twice encoded dots", `${readable}/%252e%252e${forbidden}`],
    ["an encoded slash", `/${parent}%2f${last}`],
    ["an encoded slash, upper case", `/${parent}%2F${last}`],
    ["a twice encoded slash", `/${parent}%252f${last}`],
    ["an encoded backslash", `/${parent}%5c${last}`],
    ["a backslash", `/${parent}\\${last}`],
    ["dots behind a backslash", `${readable}\\..\\..${forbidden}`],
    ["an empty segment", path.replace(/\/(?=[^/]*$)/, "//")],
    ["two slashes in front", `/${path}`],
    ["three slashes in front", `//${path}`],
    ["a slash behind", `${path}/`],
    ["two slashes behind", `${path}//`],
    ["a semicolon parameter", `${path};x=1`],
    ["a semicolon in the middle", `/${segments[0]};x=1/${segments.slice(1).join("/")}`],
    ["an encoded semicolon", `${path}%3bx=1`],
    ["a fragment", `${path}#${forbidden}`],
    ["an encoded fragment", `${path}%23x`],
    ["an encoded question mark", `${path}%3f${costly.name}=${costly.more}`],
    ["an encoded letter", `/${parent}/%${last.charCodeAt(0).toString(16)}${last.slice(1)}`],
    ["an encoded zero byte", `${path}%00`],
    ["a zero byte and an ending", `${path}%00.json`],
    ["an encoded line end", `${path}%0d%0aX-Injected:%201`],
    ["an encoded tab", `${path}%09`],
    ["an encoded space behind", `${path}%20`],
    ["a plus behind", `${path}+`],
    ["an overlong slash", `/${parent}%c0%af${last}`],
    ["an overlong dot", `${readable}/%c0%ae%c0%ae${forbidden}`],
    ["a full-width slash", `/${parent}%ef%bc%8f${last}`],
    ["a full-width letter", `/${parent}/%ef%bd%90${last.slice(1)}`],
    ["upper case", path.toUpperCase()],
    ["another case of one letter", `/${parent}/${last.charAt(0).toUpperCase()}${last.slice(1)}`],
    ["a broken escape", `${path}%`],
    ["a broken escape of one digit", `${path}%2`],
    ["an escape that is no hex", `${path}%zz`],
    ["a percent-u escape", `/${parent}%u002f${last}`],
    ["an asterisk", "*"],
    ["a star segment", `/${parent}/*`],
    ["a bare space", `/${parent}/ ${last}`],
    ["a tab", `/${parent}/\t${last}`],
    ["bytes beyond ASCII", `/${parent}/\xe9`],
    ["an absolute URI", `http://keybrake.test^${path}`],
    ["an absolute URI of another host", `http://evil.test^${path}`],
    ["an absolute URI with a user", `http://a:b@evil.test^${path}`],
    ["an https absolute URI", `https://api.vendor.test${path}`],
    ["an authority in front", `//evil.test${path}`],
    ["a URI of another scheme", `file://^${path}`],
    ["a path without a slash", path.slice(1)],
    ["another vendor's prefix inside", `/twilio/../stripe${path}`],
    ["its own prefix twice", `^${path}`],
    ["an extra segment", `${path}/extra`],
    ["a format ending", `${path}.xml`],
    ["an id of dots", `${readable}...`],
    ["an object called like the endpoint", `${readable}${path}`],
  ];
  for (const [name, target] of paths)
    add(`path: ${name}`, { target: /^(?:\*|https?:|file:|[a-z0-9]+\/|\/\/evil)/.test(target) ? target : `^${target}` });

  // ----------------------------------------------------------------------------------------------------------- methods
  for (const method of [
    "GET",
    "HEAD",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "post",
    "Post",
    "QUERY",
    "PROPFIND",
    "POST\t",
  ])
    add(`method: ${JSON.stringify(method)}`, { method });
  for (const name of [
    "X-HTTP-Method-Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "x_http_method_override",
    "X-HTTP-Method-Override ",
  ])
    for (const to of ["DELETE", "GET"]) add(`method: overridden by ${name} to ${to}`, { headers: [`${name}: ${to}`] });
  for (const where of ["query", "body"] as const)
    add(
      `method: overridden by _method in the ${where}`,
      where === "query" ? { target: `^${path}?_method=DELETE` } : { body: `_method=DELETE&${honest.body}` },
    );
  add("method: a POST hidden in a GET", {
    method: "GET",
    target: `^${readable}`,
    headers: ["X-HTTP-Method-Override: POST"],
  });
  add("method: a GET with the body of a POST", { method: "GET", target: `^${readable}` });

  // ------------------------------------------------------------------------------------------------------------- query
  const { name: costName, more } = costly;
  const encoded = encodeURIComponent(more);
  const queries: [string, string][] = [
    ["the costly parameter again", `${costName}=${encoded}`],
    ["the costly parameter as a list", `${costName}[]=${encoded}`],
    ["the costly parameter as an element", `${costName}[0]=${encoded}`],
    ["the costly parameter as a member", `${costName}[x]=${encoded}`],
    ["encoded brackets", `${costName}%5B%5D=${encoded}`],
    ["an encoded name", `%${costName.charCodeAt(0).toString(16)}${costName.slice(1)}=${encoded}`],
    ["another case", `${costName.toUpperCase()}=${encoded}`],
    ["a space in front", `%20${costName}=${encoded}`],
    ["a plus in front", `+${costName}=${encoded}`],
    ["a bracket in front", `[${costName}]=${encoded}`],
    ["a semicolon between", `x=1;${costName}=${encoded}`],
    ["an encoded ampersand", `x=1%26${costName}=${encoded}`],
    ["two question marks", `?${costName}=${encoded}`],
    ["a fragment behind", `x=1#&${costName}=${encoded}`],
    ["a zero byte in the name", `${costName}%00=${encoded}`],
    ["a name without a value", costName],
    ["a value without a name", `=${encoded}`],
    ["a BOM in front", `%EF%BB%BF${costName}=${encoded}`],
    ["a bare line feed", `x=%0a&${costName}=${encoded}`],
  ];
  for (const [name, query] of queries) {
    add(`query: ${name}`, { target: `^${path}?${query}` });
    add(`query: ${name}, and no body`, { target: `^${path}?${query}`, body: "", contentType: null, length: "0" });
  }

  // ----------------------------------------------------------------------------------------------------------- headers
  const smuggled = `POST ^${forbidden} HTTP/1.1${CRLF}Host: keybrake.test${CRLF}Authorization: <auth>${CRLF}Content-Length: 0${CRLF}${CRLF}`;
  const chunked = (text: string): string =>
    `${Buffer.byteLength(text, "latin1").toString(16)}${CRLF}${text}${CRLF}0${CRLF}${CRLF}`;
  const transfers: [string, Parts][] = [
    ["length and chunks", { headers: ["Transfer-Encoding: chunked"], body: chunked(honest.body) }],
    [
      "length before chunks, smuggling",
      { headers: ["Transfer-Encoding: chunked"], body: `0${CRLF}${CRLF}${smuggled}` },
    ],
    ["chunks with odd case", { headers: ["Transfer-Encoding: Chunked"], length: null, body: chunked(honest.body) }],
    ["chunks spelt wrong", { headers: ["Transfer-Encoding: xchunked"], length: null, body: chunked(honest.body) }],
    ["chunks with a tab", { headers: ["Transfer-Encoding:\tchunked"], length: null, body: chunked(honest.body) }],
    [
      "chunks behind identity",
      { headers: ["Transfer-Encoding: identity, chunked"], length: null, body: chunked(honest.body) },
    ],
    [
      "chunks twice",
      {
        headers: ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        length: null,
        body: chunked(honest.body),
      },
    ],
    [
      "chunks and identity",
      {
        headers: ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
        length: null,
        body: chunked(honest.body),
      },
    ],
    ["a space before the colon", { headers: ["Transfer-Encoding : chunked"], body: honest.body, after: smuggled }],
    ["a folded header", { headers: ["X-Folded: a", " Transfer-Encoding: chunked"], after: smuggled }],
    [
      "a chunk extension",
      {
        headers: ["Transfer-Encoding: chunked"],
        length: null,
        body: `${honest.body.length.toString(16)};x=${costName}=${more}${CRLF}${honest.body}${CRLF}0${CRLF}${CRLF}`,
      },
    ],
    [
      "a trailer",
      {
        headers: ["Transfer-Encoding: chunked", "Trailer: X-HTTP-Method-Override"],
        length: null,
        body: `${honest.body.length.toString(16)}${CRLF}${honest.body}${CRLF}0${CRLF}X-HTTP-Method-Override: DELETE${CRLF}${CRLF}`,
      },
    ],
    [
      "a chunk size with a sign",
      {
        headers: ["Transfer-Encoding: chunked"],
        length: null,
        body: `+${honest.body.length.toString(16)}${CRLF}${honest.body}${CRLF}0${CRLF}${CRLF}`,
      },
    ],
    [
      "a chunk size with 0x",
      {
        headers: ["Transfer-Encoding: chunked"],
        length: null,
        body: `0x${honest.body.length.toString(16)}${CRLF}${honest.body}${CRLF}0${CRLF}${CRLF}`,
      },
    ],
    [
      "a huge chunk size",
      { headers: ["Transfer-Encoding: chunked"], length: null, body: `fffffffffffffffff${CRLF}${honest.body}` },
    ],
    ["two lengths", { headers: [`Content-Length: ${honest.body.length + smuggled.length}`], after: smuggled }],
    ["two equal lengths", { headers: [`Content-Length: ${honest.body.length}`] }],
    ["a list of lengths", { length: `${honest.body.length}, ${honest.body.length}` }],
    ["a length with a sign", { length: `+${honest.body.length}` }],
    ["a negative length", { length: "-1" }],
    ["a length in hex", { length: `0x${honest.body.length.toString(16)}` }],
    ["a length with a space inside", { length: "1 0" }],
    ["a length that is too long", { length: String(honest.body.length + 500) }],
    ["a length that is too short", { length: String(Math.max(1, honest.body.length - 5)) }],
    ["a length of nothing with a body", { length: "0", after: smuggled }],
    ["no length with a body", { length: null }],
    ["bare line feeds", { headers: ["X-A: b\nTransfer-Encoding: chunked"] }],
    ["a bare carriage return", { headers: ["X-A: b\rTransfer-Encoding: chunked"] }],
    ["a zero byte in a header", { headers: ["X-A: b\0c"] }],
    ["a pipelined request", { after: smuggled }],
    [
      "a request behind a GET's length",
      {
        method: "GET",
        target: `^${readable}`,
        contentType: null,
        body: "",
        length: String(smuggled.length),
        after: smuggled,
      },
    ],
    ["HTTP/1.0", { version: "HTTP/1.0" }],
    ["HTTP/0.9", { version: "HTTP/0.9" }],
    ["HTTP/2.0 in the line", { version: "HTTP/2.0" }],
    ["the preface of HTTP/2", { method: "PRI", target: "*", version: "HTTP/2.0" }],
    [
      "an upgrade to h2c",
      { headers: ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"] },
    ],
    ["an upgrade to a socket", { headers: ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x"] }],
    ["Expect", { headers: ["Expect: 100-continue"] }],
    ["Expect something else", { headers: ["Expect: 200-maybe"] }],
  ];
  for (const [name, parts] of transfers) add(`transfer: ${name}`, parts);

  const headers: [string, readonly string[]][] = [
    ["Authorization twice", ["Authorization: Bearer other"]],
    ["Proxy-Authorization", ["Proxy-Authorization: Bearer other"]],
    ["Authorization with an underscore", ["Author_ization: Bearer other"]],
    ["another Host", ["Host: evil.test"]],
    ["X-Forwarded-Host", ["X-Forwarded-Host: evil.test"]],
    ["X-Original-URL", [`X-Original-URL: ${forbidden}`]],
    ["X-Rewrite-URL", [`X-Rewrite-URL: ${forbidden}`]],
    ["Content-Type twice", ["Content-Type: application/json"]],
    ["Content-Encoding gzip", ["Content-Encoding: gzip"]],
    ["Content-Encoding twice", ["Content-Encoding: identity", "Content-Encoding: gzip"]],
    ["Content-Transfer-Encoding", ["Content-Transfer-Encoding: base64"]],
    ["Idempotency-Key twice", ["Idempotency-Key: a", "Idempotency-Key: b"]],
    ["Idempotency_Key", ["Idempotency_Key: a"]],
    ["Connection names the content type", ["Connection: Content-Type"]],
    ["Connection names the idempotency key", ["Idempotency-Key: a", "Connection: Idempotency-Key"]],
    ["Connection names the length", ["Connection: Content-Length"]],
    ["Connection names the authorization", ["Connection: close, Authorization"]],
    ["a Keybrake header", ["Keybrake-Call-Id: call_x"]],
    ["a header that looks like a request", [`X-A: ${CRLF}`.trim()]],
    ["Range", ["Range: bytes=0-1"]],
    ["If-None-Match", ['If-None-Match: "x"']],
    ["Cookie", ["Cookie: session=1"]],
    ["Via and X-Forwarded-For", ["Via: 1.1 x", "X-Forwarded-For: 127.0.0.1"]],
    ...honest.forbiddenHeaders.flatMap(([name, value]): [string, readonly string[]][] => [
      [name, [`${name}: ${value}`]],
      [`${name} in lower case`, [`${name.toLowerCase()}: ${value}`]],
      [`${name} with underscores`, [`${name.replaceAll("-", "_")}: ${value}`]],
      [`${name} twice`, [`${name}: `, `${name}: ${value}`]],
      [`${name} with a space`, [`${name} : ${value}`]],
    ]),
  ];
  for (const [name, lines] of headers) add(`header: ${name}`, { headers: lines });

  // ----------------------------------------------------------------------------------------------------- content types
  for (const type of [
    "application/json",
    "application/json; charset=utf-16",
    "application/json+x",
    "text/json",
    "text/plain",
    "text/xml",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=utf-16le",
    "application/x-www-form-urlencoded, application/json",
    "application/x-www-form-urlencoded;",
    "APPLICATION/X-WWW-FORM-URLENCODED",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/mixed; boundary=x",
    "application/octet-stream",
    "",
  ])
    add(`content type: ${JSON.stringify(type)}`, { contentType: type });
  add("content type: none", { contentType: null });
  return made;
}

/** Changes of a form's body. */
export function hostileForms(honest: Honest): HostileRequest[] {
  const { name, value, more } = honest.costly;
  const [plain, dear] = [encodeURIComponent(value), encodeURIComponent(more)];
  const others = honest.body
    .split("&")
    .filter((pair) => !pair.startsWith(`${name}=`))
    .join("&");
  const bodies: [string, string][] = [
    ["twice, the dear one last", `${name}=${plain}&${name}=${dear}`],
    ["twice, the dear one first", `${name}=${dear}&${name}=${plain}`],
    ["a value and a list", `${name}=${plain}&${name}[]=${dear}`],
    ["a list and a value", `${name}[]=${dear}&${name}=${plain}`],
    ["a value and an element", `${name}=${plain}&${name}[0]=${dear}`],
    ["a value and a member", `${name}=${plain}&${name}[x]=${dear}`],
    ["encoded brackets", `${name}=${plain}&${name}%5B%5D=${dear}`],
    ["half encoded brackets", `${name}=${plain}&${name}%5B]=${dear}`],
    ["an encoded name", `${name}=${plain}&%${name.charCodeAt(0).toString(16)}${name.slice(1)}=${dear}`],
    ["a twice encoded name", `${name}=${plain}&%25${name.charCodeAt(0).toString(16)}${name.slice(1)}=${dear}`],
    ["a semicolon", `${name}=${plain};${name}=${dear}`],
    ["a semicolon in a value", `x=1;${name}=${dear}&${name}=${plain}`],
    ["another case", `${name}=${plain}&${name.toUpperCase()}=${dear}`],
    ["a space in front", `${name}=${plain}&%20${name}=${dear}`],
    ["a space behind", `${name}=${plain}&${name}%20=${dear}`],
    ["a plus in front", `${name}=${plain}&+${name}=${dear}`],
    ["a dot for a bracket", `${name}=${plain}&x.${name}=${dear}`],
    ["a bracket in front", `${name}=${plain}&[${name}]=${dear}`],
    ["an open bracket", `${name}=${plain}&${name}[=${dear}`],
    ["text behind a bracket", `${name}=${plain}&${name}[]x=${dear}`],
    ["a zero byte in the name", `${name}=${plain}&${name}%00=${dear}`],
    ["a zero byte in the value", `${name}=${plain}%00${dear}`],
    ["a line feed in the value", `${name}=${plain}%0a${dear}`],
    ["raw line feeds between", `${name}=${plain}\n&${name}=${dear}`],
    ["a BOM in front", `\xef\xbb\xbf${name}=${dear}&${name}=${plain}`],
    ["an encoded BOM in front", `%EF%BB%BF${name}=${dear}&${name}=${plain}`],
    ["invalid UTF-8 in the name", `${name}=${plain}&${name}%ff=${dear}`],
    ["overlong UTF-8", `${name}=${plain}&%c1%a1=${dear}`],
    ["a broken escape", `${name}=${plain}&${name}%=${dear}`],
    ["percent-u", `${name}=${plain}&%u0061${name.slice(1)}=${dear}`],
    ["an empty name", `=${dear}&${name}=${plain}`],
    ["no equals sign", `${name}&${name}=${plain}`],
    ["two equals signs", `${name}==${plain}`],
    ["a number with a sign", `${name}=%2B${dear}`],
    ["a number with an exponent", `${name}=1e9`],
    ["a number in hex", `${name}=0x${dear}`],
    ["a number with spaces", `${name}=%20${dear}`],
    ["a number with a comma", `${name}=1,${dear}`],
    ["a number with a point", `${name}=${plain}.0`],
    ["full-width digits", `${name}=%EF%BC%91${plain}`],
    ["an empty value", `${name}=`],
    ["the word null", `${name}=null`],
    ["a negative number", `${name}=-1`],
    ["a very long number", `${name}=${"9".repeat(40)}`],
    ["many parameters", `${Array.from({ length: 1_200 }, (_, i) => `metadata[k${i}]=v`).join("&")}&${name}=${dear}`],
    ["a deep name", `${name}=${plain}&a${"[b]".repeat(60)}=${dear}`],
    ["a name of the prototype", `__proto__[${name}]=${dear}&${name}=${plain}`],
    ["a constructor", `constructor[prototype][${name}]=${dear}&${name}=${plain}`],
    ["a JSON text", JSON.stringify({ [name]: more })],
    ["a charset parameter", `_charset_=utf-7&${name}=${plain}&${name}=${dear}`],
    ["a key in the body", `key=sk_live_other&${name}=${plain}`],
    ["an account in the body", `_stripe_account=acct_other&${name}=${plain}`],
    ["only the dear one", `${name}=${dear}`],
  ];
  const made: HostileRequest[] = [];
  const send = (what: string, body: string, contentType: string): void => {
    const lines = [
      `POST ^${honest.path} HTTP/1.1`,
      "Host: keybrake.test",
      "Authorization: <auth>",
      "User-Agent: test",
      `Content-Type: ${contentType}`,
      `Content-Length: ${Buffer.byteLength(body, "latin1")}`,
    ];
    made.push({ name: what, bytes: lines.join(CRLF) + CRLF + CRLF + body });
  };
  for (const [what, body] of bodies)
    send(`form: ${what}`, others === "" ? body : `${body}&${others}`, "application/x-www-form-urlencoded");
  const part = (field: string, text: string, more2 = ""): string =>
    `--x${CRLF}Content-Disposition: form-data; ${field}${CRLF}${more2}${CRLF}${text}${CRLF}`;
  const rest = others
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [field = "", text = ""] = pair.split("=");
      return part(`name="${decodeURIComponent(field)}"`, decodeURIComponent(text));
    })
    .join("");
  const multiparts: [string, string][] = [
    ["honest", part(`name="${name}"`, value)],
    ["twice", part(`name="${name}"`, value) + part(`name="${name}"`, more)],
    ["two names in one", part(`name="y"; name="${name}"`, more) + part(`name="${name}"`, value)],
    ["name without quotes", part(`name=${name}`, more) + part(`name="${name}"`, value)],
    ["name with a star", part(`name*=utf-8''${name}`, more) + part(`name="${name}"`, value)],
    ["a file", part(`name="${name}"; filename="a"`, more) + part(`name="${name}"`, value)],
    [
      "an encoded part",
      part(`name="${name}"`, Buffer.from(more).toString("base64"), `Content-Transfer-Encoding: base64${CRLF}`),
    ],
    ["text before the first part", `${name}=${dear}${CRLF}${part(`name="${name}"`, value)}`],
    ["a boundary that begins alike", part(`name="${name}"`, `${value}${CRLF}--xy`)],
    ["escaped quotes in the name", part(`name="\\"${name}"`, more) + part(`name="${name}"`, value)],
    [
      "bare line feeds",
      `--x\nContent-Disposition: form-data; name="${name}"\n\n${more}\n` + part(`name="${name}"`, value),
    ],
  ];
  for (const [what, body] of multiparts)
    send(`multipart: ${what}`, `${body}${rest}--x--${CRLF}`, "multipart/form-data; boundary=x");
  send("multipart: no end", part(`name="${name}"`, value) + rest, "multipart/form-data; boundary=x");
  send(
    "multipart: two boundaries",
    `${part(`name="${name}"`, value)}${rest}--x--${CRLF}`,
    "multipart/form-data; boundary=y; boundary=x",
  );
  return made;
}

/** Changes of a JSON body. */
export function hostileJson(honest: Honest): HostileRequest[] {
  const { name, value, more } = honest.costly;
  const inner = honest.body.trim().slice(1, -1);
  const others = inner
    .split(/,(?=")/)
    .filter((member) => !member.startsWith(`"${name}":`))
    .join(",");
  const escaped = `\\u${name.charCodeAt(0).toString(16).padStart(4, "0")}${name.slice(1)}`;
  const bodies: [string, string][] = [
    ["twice, the dear one last", `{"${name}":${value},"${name}":${more},${others}}`],
    ["twice, the dear one first", `{"${name}":${more},"${name}":${value},${others}}`],
    ["an escaped name beside the plain one", `{"${name}":${value},"${escaped}":${more},${others}}`],
    ["another case", `{"${name}":${value},"${name.toUpperCase()}":${more},${others}}`],
    ["a comment", `{"${name}":${value},/*"*/"${name}":${more},/*"*/${others}}`],
    ["a trailing comma", `{"${name}":${value},${others},}`],
    ["single quotes", `{'${name}':${more},"${name}":${value},${others}}`],
    ["no quotes", `{${name}:${more},"${name}":${value},${others}}`],
    ["two documents", `{"${name}":${value},${others}}{"${name}":${more},${others}}`],
    ["a list around it", `[{"${name}":${more},${others}}]`],
    ["a BOM in front", `\xef\xbb\xbf{"${name}":${more},${others}}`],
    ["invalid UTF-8 in a name", `{"${name}":${value},"${name}\xff":${more},${others}}`],
    ["a lone surrogate in a name", `{"${name}":${value},"${name}\\ud800":${more},${others}}`],
    ["a zero byte in a name", `{"${name}":${value},"${name}\\u0000":${more},${others}}`],
    ["a raw control character", `{"${name}":${value},"x":"\x01",${others}}`],
    ["the prototype", `{"__proto__":{"${name}":${more}},"${name}":${value},${others}}`],
    ["a deep value", `{"${name}":${value},"x":${"[".repeat(200)}${"]".repeat(200)},${others}}`],
    ["null", `{"${name}":null,${others}}`],
    ["an object", `{"${name}":{"0":${more}},${others}}`],
    ["a form", `${name}=${encodeURIComponent(more)}`],
    ["nothing", ""],
    ["NaN", `{"${name}":NaN,${others}}`],
    ["white space that is none", `{\xa0"${name}":${more},${others}}`],
    ["only the dear one", `{"${name}":${more},${others}}`],
  ];
  return bodies.map(([what, body]) => ({
    name: `json: ${what}`,
    bytes:
      [
        `POST ^${honest.path} HTTP/1.1`,
        "Host: keybrake.test",
        "Authorization: <auth>",
        "User-Agent: test",
        `Content-Type: ${honest.contentType}`,
        `Content-Length: ${Buffer.byteLength(body, "latin1")}`,
      ].join(CRLF) +
      CRLF +
      CRLF +
      body,
  }));
}
