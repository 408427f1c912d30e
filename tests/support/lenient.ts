/**
 * How careless servers read a request: every way in which one that stands behind Keybrake might understand what arrived there. A request
 * is safe to pass when all of these come to the same conclusion, the one that Keybrake judged by.
 */

export interface Arrived {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Every method that somebody might do. */
export function methodsOf(request: Arrived): ReadonlySet<string> {
  const methods = new Set([request.method.toUpperCase()]);
  for (const [name, value] of request.headers)
    if (/^x[-_]http[-_]method(?:[-_]override)?$|^x[-_]method[-_]override$/.test(name)) methods.add(value.toUpperCase());
  for (const { name, value } of pairsOf(request)) if (name === "_method") methods.add(value.toUpperCase());
  return methods;
}

/** Every path that somebody might serve. */
export function pathsOf(request: Arrived): ReadonlySet<string> {
  const raw = request.target.split(/[?#]/)[0] ?? "";
  const paths = new Set<string>();
  for (const once of [raw, decode(raw), decode(decode(raw))])
    for (const slashed of [once, once.replaceAll("\\", "/"), once.normalize("NFKC")])
      for (const cut of [slashed, slashed.replaceAll(/;[^/]*/g, ""), slashed.split("\0")[0] ?? ""])
        for (const single of [cut, cut.replaceAll(/\/{2,}/g, "/")])
          paths.add(withoutDots(single).replace(/(.)\/+$/, "$1"));
  for (const name of ["x-original-url", "x-rewrite-url"]) {
    const value = request.headers.get(name);
    if (value !== undefined) paths.add(value);
  }
  return paths;
}

/** Every value that somebody might take a parameter to have. `name` is matched whatever its case and decoration. */
export function valuesOf(request: Arrived, name: string): ReadonlySet<string> {
  const values = new Set<string>();
  for (const pair of pairsOf(request)) if (plainName(pair.name) === plainName(name)) values.add(pair.value);
  return values;
}

interface Pair {
  readonly name: string;
  readonly value: string;
}

function pairsOf({ target, body }: Arrived): readonly Pair[] {
  const mark = target.indexOf("?");
  const texts = [mark === -1 ? "" : target.slice(mark + 1), body.toString("utf8"), body.toString("latin1")];
  return texts.flatMap((text) => [...formPairs(text), ...partPairs(text), ...jsonPairs(text)]);
}

function formPairs(text: string): Pair[] {
  const pairs: Pair[] = [];
  for (const splitter of [/&/, /[&;]/, /[&;\r\n]/])
    for (const piece of text.split(splitter)) {
      const equals = piece.indexOf("=");
      if (equals === -1) continue;
      for (const spaces of [true, false]) {
        const read = (raw: string): string => decode(spaces ? raw.replaceAll("+", " ") : raw);
        pairs.push({ name: read(piece.slice(0, equals)), value: read(piece.slice(equals + 1)) });
        pairs.push({ name: decode(read(piece.slice(0, equals))), value: read(piece.slice(equals + 1)) });
      }
    }
  return pairs;
}

/** Anything that looks like a part of a form with files, wherever it stands. */
function partPairs(text: string): Pair[] {
  const pairs: Pair[] = [];
  for (const match of text.matchAll(
    /[;\s]name\*?=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))[^\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]*)/gi,
  ))
    pairs.push({ name: match[1] ?? match[2] ?? "", value: match[3] ?? "" });
  return pairs;
}

/** Anything that looks like a member of JSON, in any dialect. */
function jsonPairs(text: string): Pair[] {
  const pairs: Pair[] = [];
  for (const match of text.matchAll(
    /["']?((?:[^"'\\{},:\s]|\\.)+)["']?\s*:\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^,{}[\]\s]+)/g,
  )) {
    const [, name = "", value = ""] = match;
    pairs.push({ name: unescaped(name), value: unescaped(value.replace(/^["']|["']$/g, "")) });
  }
  return pairs;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** What is left of a name when everything that some reader drops or maps is gone. */
function plainName(name: string): string {
  const [first = ""] = name.replace(/^[\s[\]\ufeff]+/, "").split(/[[\].\0]/);
  return first.trim().toLowerCase();
}

function decode(text: string): string {
  return text.replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (escapes) =>
    Buffer.from(escapes.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

function withoutDots(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return kept.join("/");
}
