/**
 * Inline TwiML, as far as its price goes: whether a document can do anything but speak, play, wait and hang up, which costs no more
 * than the minutes of the call. It reads a small, strict part of XML; whatever it does not understand is taken for a document
 * that may do everything. https://www.twilio.com/docs/voice/twiml
 */

/** What is spoken, for accounts whose text-to-speech is billed. */
export interface Speech {
  /** At most: entities are counted as they are written. */
  readonly characters: number;
  /** Null: again and again, until the call ends. */
  readonly loops: number | null;
}

export type TwimlRead =
  | { readonly kind: "speech"; readonly said: readonly Speech[] }
  /** `why` completes "its TwiML ...". */
  | { readonly kind: "unbounded"; readonly why: string };

/** Twilio takes 4,000. */
const CHARACTERS_MAX = 20_000;
const LOOPS_MAX = 1_000;

/** Verbs that start nothing, with the attributes that say how. None of these names a document, a number or a callback. */
const VERBS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["Say", new Set(["voice", "language", "loop"])],
  ["Play", new Set(["loop", "digits"])],
  ["Pause", new Set(["length"])],
  ["Hangup", new Set<string>()],
  ["Reject", new Set(["reason"])],
]);

/** The one declaration that XML writers put in front. */
const DECLARATION =
  /^\s*<\?xml version=["']1\.0["'](?: encoding=["'](?:UTF|utf)-8["'])?(?: standalone=["'](?:yes|no)["'])?\s*\?>/;
const TEXT = /[^<>&]|&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});/.source;
const ATTRIBUTES = /((?:\s+[A-Za-z]+\s*=\s*(?:"[^"<&]*"|'[^'<&]*'))*)\s*/.source;
const VERB = new RegExp(`\\s*<([A-Za-z]+)${ATTRIBUTES}(?:/>|>((?:${TEXT})*)</([A-Za-z]+)\\s*>)`, "y");

export function readTwiml(document: string): TwimlRead {
  if (document.length > CHARACTERS_MAX) return unbounded("is longer than any that Twilio takes");
  const rest = document.replace(DECLARATION, "").trim();
  // Entities of a document's own, comments and CDATA are read differently by different readers; nobody needs them to speak.
  if (/<[!?]/.test(rest)) return unbounded("has declarations, comments or CDATA, which Keybrake does not read");
  if (/^<Response\s*\/>$/.test(rest)) return { kind: "speech", said: [] };
  const inner = /^<Response\s*>([\s\S]*)<\/Response\s*>$/.exec(rest)?.[1];
  if (inner === undefined) return unbounded("is not one <Response>");
  const said: Speech[] = [];
  for (let at = 0; !isOver(inner, at);) {
    VERB.lastIndex = at;
    const match = VERB.exec(inner);
    if (match === null) return unbounded(whyNot(inner.slice(at)));
    at = VERB.lastIndex;
    const [, verb = "", attributes = "", text = "", closing = verb] = match;
    const allowed = VERBS.get(verb);
    if (allowed === undefined) return unbounded(`has <${verb}>, which can do more than the minutes of the call cost`);
    if (closing !== verb) return unbounded("is not well-formed");
    const named = attributesOf(attributes);
    if (named === null) return unbounded(`names an attribute of <${verb}> twice`);
    for (const name of named.keys())
      if (!allowed.has(name)) return unbounded(`has the attribute ${name} on <${verb}>, which Keybrake does not know`);
    if (verb !== "Say") continue;
    const loops = loopsOf(named.get("loop"));
    if (loops === undefined) return unbounded("has a loop that is no small number");
    said.push({ characters: text.length, loops });
  }
  return { kind: "speech", said };
}

const END = /\s*$/y;

function isOver(text: string, at: number): boolean {
  END.lastIndex = at;
  return END.test(text);
}

/** Of a piece that was not understood, its first verb is what people look for. */
function whyNot(rest: string): string {
  const verb = /^\s*<([A-Za-z]{1,40})/.exec(rest)?.[1];
  if (verb === undefined) return "cannot be read";
  return VERBS.has(verb)
    ? `has a <${verb}> that Keybrake cannot read to its end`
    : `has <${verb}>, which can do more than the minutes of the call cost`;
}

function attributesOf(text: string): ReadonlyMap<string, string> | null {
  const attributes = new Map<string, string>();
  for (const [, name = "", double, single] of text.matchAll(/([A-Za-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (attributes.has(name)) return null;
    attributes.set(name, double ?? single ?? "");
  }
  return attributes;
}

/** 0 says "until the call ends"; undefined is no number. */
function loopsOf(text: string | undefined): number | null | undefined {
  if (text === undefined) return 1;
  if (!/^\d{1,4}$/.test(text) || Number(text) > LOOPS_MAX) return undefined;
  return Number(text) === 0 ? null : Number(text);
}

function unbounded(why: string): TwimlRead {
  return { kind: "unbounded", why };
}
