// What a TwiML document makes a call do that costs money. It follows no branches: every verb is taken to be reached.
// Documents come from the request or from what a test has laid out; nothing is ever fetched.

interface DialTarget {
  /** `number` is E.164 or what is to become it; a client and a SIP address are legs too, a conference or queue is none. */
  readonly kind: "number" | "client" | "sip" | "room";
  readonly address: string;
}

export interface Dial {
  readonly targets: readonly DialTarget[];
  readonly callerId: string | undefined;
  /** Seconds after which the dialled leg is cut. */
  readonly timeLimit: number | undefined;
  readonly record: boolean;
}

export interface Script {
  readonly dials: readonly Dial[];
  /** `<Sms>`, deprecated and alive: a voice document that sends a message. */
  readonly messages: readonly {
    readonly to: string | undefined;
    readonly from: string | undefined;
    readonly body: string;
  }[];
  readonly record: boolean;
  readonly payments: number;
  readonly redirect: string | undefined;
}

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

const TAG =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Unreadable documents do nothing, as a call that meets one ends with an application error. */
export function readTwiml(document: string): Script {
  const root = parse(document);
  const response = root.children.find((element) => element.name === "Response");
  const verbs = response === undefined ? [] : everything(response);
  return {
    dials: verbs.filter((verb) => verb.name === "Dial").map(dialOf),
    messages: verbs
      .filter((verb) => verb.name === "Sms")
      .map((verb) => ({ to: verb.attributes.get("to"), from: verb.attributes.get("from"), body: verb.text.trim() })),
    record: verbs.some((verb) => verb.name === "Record"),
    payments: verbs.filter((verb) => verb.name === "Pay").length,
    redirect: verbs.find((verb) => verb.name === "Redirect")?.text.trim(),
  };
}

function dialOf(verb: Element): Dial {
  const targets: DialTarget[] = [];
  for (const noun of verb.children) {
    const address = noun.text.trim();
    if (noun.name === "Number") targets.push({ kind: "number", address });
    else if (noun.name === "Client") targets.push({ kind: "client", address: `client:${address}` });
    else if (noun.name === "Sip") targets.push({ kind: "sip", address });
    else if (noun.name === "Conference" || noun.name === "Queue") targets.push({ kind: "room", address });
  }
  const own = verb.text.trim();
  if (targets.length === 0 && own !== "") targets.push({ kind: "number", address: own });
  const limit = Number(verb.attributes.get("timeLimit"));
  const record = verb.attributes.get("record") ?? "do-not-record";
  return {
    targets,
    callerId: verb.attributes.get("callerId"),
    timeLimit: Number.isInteger(limit) && limit > 0 ? limit : undefined,
    record: record !== "do-not-record" && record !== "false",
  };
}

function everything(element: Element): Element[] {
  return element.children.flatMap((child) => [child, ...everything(child)]);
}

function parse(document: string): Element {
  const root: Element = { name: "", attributes: new Map(), children: [], text: "" };
  const open = [root];
  let at = 0;
  for (const match of document.matchAll(TAG)) {
    const [whole, cdata, closing, name = "", attributes = "", empty] = match;
    const current = open.at(-1) ?? root;
    current.text += decode(document.slice(at, match.index));
    at = match.index + whole.length;
    if (cdata !== undefined) current.text += cdata;
    if (name === "") continue;
    if (closing === "/") {
      if (open.length > 1) open.pop();
      continue;
    }
    const element: Element = { name, attributes: attributesOf(attributes), children: [], text: "" };
    current.children.push(element);
    if (empty !== "/") open.push(element);
  }
  return root;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = "", double, single] of text.matchAll(ATTRIBUTE)) {
    attributes.set(name, decode(double ?? single ?? ""));
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
