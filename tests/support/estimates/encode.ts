/** One request's parameters in the many forms that clients send: brackets bare or escaped, lists with or without places, multipart. */
import type { Dice } from "./dice.ts";

/** Names with brackets; `[]` at the end of a name, or before its last bracket, is a place in a list. */
export type Pairs = readonly (readonly [name: string, value: string])[];

export interface Encoded {
  readonly query: string;
  readonly body: Buffer;
  readonly contentType: string | null;
}

const NOTHING: Buffer = Buffer.alloc(0);
export const FORM = "application/x-www-form-urlencoded";

/** As clients of a Rack-like API write it: in the body, sometimes partly or wholly in the query, rarely multipart. */
export function encodeRack(pairs: Pairs, dice: Dice): Encoded {
  const placed = dice.chance(0.5) ? withPlaces(pairs) : pairs;
  if (placed.length === 0) return { query: "", body: NOTHING, contentType: null };
  const where = dice.weighted({ body: 80, query: 5, both: 8, multipart: 7 });
  if (where === "multipart") return multipart(placed, dice);
  const isBare = dice.chance(0.6);
  const plus = dice.chance(0.5);
  const write = (some: Pairs): string => some.map((pair) => formPair(pair, isBare, plus)).join("&");
  // A list whose members have no places keeps its order only where all of it is in one piece.
  const cut = where === "body" ? 0 : where === "query" ? placed.length : cutOf(placed, dice);
  const text = write(placed.slice(cut));
  return {
    query: write(placed.slice(0, cut)),
    body: Buffer.from(text),
    contentType: text === "" ? null : dice.chance(0.1) ? `${FORM}; charset=utf-8` : FORM,
  };
}

function cutOf(pairs: Pairs, dice: Dice): number {
  const cut = dice.whole(0, pairs.length);
  return pairs.some(([name]) => name.includes("[")) ? 0 : cut;
}

/** `a[]` as `a[0]`, `a[1]`; a first field that comes again begins the next place, as in `items[][price]`. */
function withPlaces(pairs: Pairs): Pairs {
  const places = new Map<string, { at: number; seen: Set<string> }>();
  return pairs.map(([name, value]) => {
    const bracket = name.indexOf("[]");
    if (bracket < 0) return [name, value] as const;
    const [root, rest] = [name.slice(0, bracket), name.slice(bracket + 2)];
    const place = places.get(root) ?? { at: 0, seen: new Set<string>() };
    places.set(root, place);
    if (place.seen.has(rest)) {
      place.at += 1;
      place.seen.clear();
    }
    place.seen.add(rest);
    return [`${root}[${place.at}]${rest}`, value] as const;
  });
}

/** As Twilio's clients write it: plain names, a list by repeating its name. */
export function encodePlain(pairs: Pairs, dice: Dice): Encoded {
  if (pairs.length === 0) return { query: "", body: NOTHING, contentType: null };
  const plus = dice.chance(0.5);
  const body = Buffer.from(pairs.map((pair) => formPair(pair, false, plus)).join("&"));
  return { query: "", body, contentType: dice.chance(0.1) ? `${FORM}; charset=utf-8` : FORM };
}

export function encodeQuery(pairs: Pairs, dice: Dice): string {
  const plus = dice.chance(0.5);
  return pairs.map((pair) => formPair(pair, dice.chance(0.5), plus)).join("&");
}

export function encodeJson(value: unknown, dice: Dice): Encoded {
  const text = JSON.stringify(value, null, dice.chance(0.2) ? 2 : undefined);
  return {
    query: "",
    body: Buffer.from(dice.chance(0.2) ? escaped(text) : text),
    contentType: dice.chance(0.2) ? "application/json; charset=utf-8" : "application/json",
  };
}

/** Some serialisers write every letter beyond ASCII as an escape. */
function escaped(text: string): string {
  return text.replaceAll(/[^\0-\u007f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function formPair([name, value]: readonly [string, string], isBare: boolean, plus: boolean): string {
  const escapedName = encodeURIComponent(name);
  const written = isBare ? escapedName.replaceAll("%5B", "[").replaceAll("%5D", "]") : escapedName;
  // Half of a pair of surrogates is no UTF-8, and no client can send it.
  const text = encodeURIComponent(value.toWellFormed());
  return `${written}=${plus ? text.replaceAll("%20", "+") : text}`;
}

function multipart(pairs: Pairs, dice: Dice): Encoded {
  const boundary = `----keybrake${dice.word(16)}`;
  const parts = pairs.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    query: "",
    body: Buffer.from(`${parts.join("")}--${boundary}--\r\n`),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}
