/**
 * Reads a description of a vendor: JSON that a person wrote (as YAML), checked to the last field. What is wrong is said for all of it
 * at once, each with its place; a field that is not known is wrong, because a misspelt limit is no limit. docs/vendors.md has the form.
 */
import {
  DIRECTIONS,
  HOUR_MS,
  isDecimal,
  minorUnitDigits,
  OPERATION_CLASSES,
  parseInstant,
  parseUsd,
  PRICE_MAX,
  PRICE_NAME_CHARS_MAX,
  PRICE_VALID_DAYS,
  PRICE_VALID_DAYS_MAX,
  REFUSALS,
} from "@keybrake/core";
import type { Direction, HttpMethod, MicroUsd, OperationClass, PriceOrigin } from "@keybrake/core";
import { quoted } from "../form.ts";
import { isRecord } from "../json.ts";
import type {
  Amount,
  Authentication,
  BodyForm,
  Cost,
  DescribedOperation,
  Description,
  Errors,
  Idempotency,
  Measure,
  Price,
  SecretForm,
  Source,
} from "./description.ts";
import { parsePointer } from "./pointer.ts";

export interface DescriptionProblem {
  /** Names and places of the fields on the way; none for the file itself. */
  readonly path: readonly (string | number)[];
  /** Sentences: what is wrong, and what to write. */
  readonly message: string;
}

export type DescriptionRead =
  | { readonly ok: true; readonly description: Description }
  | { readonly ok: false; readonly problems: readonly DescriptionProblem[] };

/** Enough to mend a file by, short enough to read. */
export const DESCRIPTION_PROBLEMS_MAX = 20;
/** The largest of the built-in vendors has 1,500. */
const OPERATIONS_MAX = 2_000;
const PRICES_OF_ONE_MAX = 10;
const TEXT_CHARS_MAX = 300;
const BODY_BYTES_MAX: number = 64 * 1024 * 1024;
const BODY_BYTES_DEFAULT: number = 1024 * 1024;

/** Never throws. */
export function readDescription(json: unknown): DescriptionRead {
  const problems: DescriptionProblem[] = [];
  const description = readAll(new At(json, [], problems));
  // A field that could not be read is always told of.
  if (problems.length === 0 && description !== null) return { ok: true, description };
  return { ok: false, problems: problems.slice(0, DESCRIPTION_PROBLEMS_MAX) };
}

// ---------------------------------------------------------------------------------------------------------------- reading

/** One value of the file and where it stands. Readers answer null after they have said what is wrong. */
class At {
  readonly value: unknown;
  readonly path: readonly (string | number)[];
  readonly #problems: DescriptionProblem[];

  constructor(value: unknown, path: readonly (string | number)[], problems: DescriptionProblem[]) {
    this.value = value;
    this.path = path;
    this.#problems = problems;
  }

  wrong(message: string): null {
    this.#problems.push({ path: this.path, message });
    return null;
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  field(name: string): At {
    const value = isRecord(this.value) && Object.hasOwn(this.value, name) ? this.value[name] : undefined;
    return new At(value, [...this.path, name], this.#problems);
  }

  /** Whether it is an object with no other fields than these. */
  hasOnly(what: string, names: readonly string[]): boolean {
    if (!isRecord(this.value)) {
      this.wrong(`Write ${what} with the fields ${names.join(", ")}.`);
      return false;
    }
    for (const name of Object.keys(this.value))
      if (!names.includes(name)) this.field(name).wrong(`There is no such field. There are: ${names.join(", ")}.`);
    return true;
  }

  entries(): readonly (readonly [name: string, at: At])[] {
    return isRecord(this.value) ? Object.keys(this.value).map((name) => [name, this.field(name)]) : [];
  }

  /** The elements of a list; null where it is none, or is empty. */
  elements(what: string): readonly At[] | null {
    if (!Array.isArray(this.value) || this.value.length === 0) return this.wrong(`Write a list of ${what}.`);
    return this.value.map((each: unknown, index) => new At(each, [...this.path, index], this.#problems));
  }

  text(what: string, isFit: (text: string) => boolean = () => true): string | null {
    const { value } = this;
    if (typeof value === "string" && value !== "" && value.length <= TEXT_CHARS_MAX && isFit(value)) return value;
    return this.wrong(`Write ${what}.`);
  }

  oneOf<T extends string>(words: readonly T[]): T | null {
    const found = words.find((word) => word === this.value);
    return found ?? this.wrong(`Write one of: ${words.join(", ")}.`);
  }

  wholeNumber(min: number, max: number): number | null {
    const { value } = this;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.wrong(`Write a whole number from ${min} to ${max}.`);
  }

  flag(): boolean | null {
    return typeof this.value === "boolean" ? this.value : this.wrong("Write true or false.");
  }

  words(what: string, isFit: (text: string) => boolean): readonly string[] | null {
    const elements = this.elements(what);
    if (elements === null) return null;
    const words = elements.map((each) => each.text(what, isFit));
    return words.every((each) => each !== null) ? words : null;
  }
}

const FIELDS = [
  "id",
  "name",
  "base_url",
  "hosts",
  "authentication",
  "secret",
  "bodies",
  "lists",
  "idempotency",
  "body_bytes_max",
  "errors",
  "operations",
];

function readAll(at: At): Description | null {
  if (!at.hasOnly("an object", FIELDS)) return null;
  const id = at
    .field("id")
    .text(
      'a lower-case word of 2 to 31 letters and digits, such as "deepl": it is the vendor\'s path and part of its settings',
      isVendorId,
    );
  const name = at.field("name").text("the vendor's name for people");
  const baseUrl = readBaseUrl(at.field("base_url"));
  const hosts = readHosts(at.field("hosts"));
  const authentication = readAuthentication(at.field("authentication"));
  const secret = readSecret(at.field("secret"));
  const bodies = readBodies(at.field("bodies"));
  const lists = at.field("lists").isAbsent ? [] : at.field("lists").words("names of parameters", isParameter);
  const bytes = at.field("body_bytes_max");
  const bodyBytesMax = bytes.isAbsent ? BODY_BYTES_DEFAULT : bytes.wholeNumber(1, BODY_BYTES_MAX);
  const errors = readErrors(at.field("errors"));
  const operations = readOperations(at.field("operations"), new Set(hosts?.keys() ?? []));
  const idempotency = readIdempotency(at.field("idempotency"), operations ?? []);
  if (id === null || name === null || baseUrl === null || hosts === null || authentication === null) return null;
  if (secret === undefined || bodies === null || lists === null || bodyBytesMax === null || errors === null)
    return null;
  if (operations === null || idempotency === undefined) return null;
  return {
    id,
    name,
    baseUrl,
    hosts,
    authentication,
    secret,
    bodies,
    lists: new Set(lists),
    idempotency,
    bodyBytesMax,
    errors,
    operations,
  };
}

function isVendorId(text: string): boolean {
  return /^[a-z][a-z0-9]{1,30}$/.test(text);
}

function isParameter(text: string): boolean {
  return text.length <= PRICE_NAME_CHARS_MAX && /^[^[\]\s]+$/.test(text);
}

// ------------------------------------------------------------------------------------------------------------------ hosts

function readBaseUrl(at: At): string | null {
  const text = at.text('the address of the vendor\'s API, such as "https://api.example.com"');
  if (text === null) return null;
  const url = URL.parse(text);
  if (url === null) return at.wrong("This is no URL.");
  const isLocal = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal))
    return at.wrong("Write an https URL: real secrets travel there.");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "")
    return at.wrong(
      "Write the host alone, without a path, a query or a user. Paths stand with the operations, as a whole.",
    );
  return url.origin;
}

function readHosts(at: At): ReadonlyMap<string, string> | null {
  const hosts = new Map<string, string>();
  if (at.isAbsent) return hosts;
  if (!isRecord(at.value)) return at.wrong("Write an object: a word for each further host, and its URL.");
  for (const [word, each] of at.entries()) {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(word))
      return each.wrong("The word for a host has lower-case letters, digits and dashes.");
    const url = readBaseUrl(each);
    if (url === null) return null;
    hosts.set(word, url);
  }
  return hosts;
}

// ---------------------------------------------------------------------------------------------------------- authentication

/** Headers that are the connection's, or Keybrake's own. */
const NOT_FOR_SECRETS =
  /^(?:host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept.*|user-agent|cookie|proxy-.*|keybrake-.*)$/i;

const BEARER: Authentication = { kind: "header", name: "Authorization", value: "Bearer {secret}" };

function readAuthentication(at: At): Authentication | null {
  if (at.value === "bearer") return BEARER;
  if (!isRecord(at.value)) return at.wrong('Write "bearer", or an object with the field header or basic.');
  if (!at.field("query").isAbsent)
    return at
      .field("query")
      .wrong(
        "A secret in a URL ends in logs. Keybrake sends it in a header only: look for that form in the vendor's documentation.",
      );
  if (!at.hasOnly("an object", ["header", "basic"])) return null;
  const [header, basic] = [at.field("header"), at.field("basic")];
  if (header.isAbsent === basic.isAbsent) return at.wrong("Write header or basic, one of them.");
  if (!header.isAbsent) {
    if (!header.hasOnly("an object", ["name", "value"])) return null;
    const name = header
      .field("name")
      .text(
        "the name of a header that is free for a secret",
        (text) => /^[A-Za-z0-9-]+$/.test(text) && !NOT_FOR_SECRETS.test(text),
      );
    const value = header.field("value").isAbsent ? "{secret}" : readTemplate(header.field("value"), true);
    return name === null || value === null ? null : { kind: "header", name, value };
  }
  if (!basic.hasOnly("an object", ["user", "password"])) return null;
  const user = readTemplate(basic.field("user"), false);
  const password = readTemplate(basic.field("password"), false);
  if (user === null || password === null) return null;
  if (user.includes(":")) return basic.field("user").wrong("A user of Basic authentication has no colon (RFC 7617).");
  if (!(user + password).includes("{secret}")) return basic.wrong("Write {secret} as the user or as the password.");
  return { kind: "basic", user, password };
}

function readTemplate(at: At, needsSecret: boolean): string | null {
  const { value } = at;
  const isFit = typeof value === "string" && value.length <= TEXT_CHARS_MAX && /^[\x20-\x7e]*$/.test(value);
  const rest = isFit ? value.replaceAll(/\{(?:secret|account)\}/g, "") : "{";
  if (!isFit || /[{}]/.test(rest))
    return at.wrong("Write text in which {secret} and {account} stand for the credential's, or an empty text.");
  if (needsSecret && !value.includes("{secret}")) return at.wrong("The text has no {secret}.");
  return value;
}

/** Undefined where it is wrong, because null is that there is none. */
function readSecret(at: At): SecretForm | null | undefined {
  if (at.isAbsent) return null;
  if (!at.hasOnly("an object", ["pattern", "hint", "live", "test"])) return undefined;
  const pattern = readRegExp(at.field("pattern"), true);
  const live = readRegExp(at.field("live"), false);
  const test = readRegExp(at.field("test"), false);
  const hint = at.field("hint").isAbsent ? null : at.field("hint").text("a sentence for whoever gives a wrong secret");
  if (pattern === undefined || live === undefined || test === undefined) return undefined;
  return { pattern, live, test, hint };
}

function readRegExp(at: At, whole: boolean): RegExp | null | undefined {
  if (at.isAbsent) return null;
  const text = at.text("a regular expression");
  if (text === null) return undefined;
  try {
    return new RegExp(whole ? `^(?:${text})$` : text, "u");
  } catch {
    at.wrong(`${quoted(text)} is no regular expression (ECMAScript, with the flag u).`);
    return undefined;
  }
}

// --------------------------------------------------------------------------------------------------------- bodies and more

const BODIES: readonly BodyForm[] = ["json", "form"];

function readBodies(at: At): ReadonlySet<BodyForm> | null {
  if (at.isAbsent) return new Set<BodyForm>(["json"]);
  const forms = at.elements(`forms of bodies (${BODIES.join(", ")})`)?.map((each) => each.oneOf(BODIES));
  return forms?.every((form) => form !== null) === true ? new Set(forms) : null;
}

function readIdempotency(at: At, operations: readonly DescribedOperation[]): Idempotency | null | undefined {
  if (at.isAbsent) return null;
  if (!at.hasOnly("an object", ["header", "key_chars_max", "remembered_hours", "operations", "replayed"]))
    return undefined;
  const header = at.field("header").text("the name of the header", isHeader);
  const chars = at.field("key_chars_max");
  const keyCharsMax = chars.isAbsent ? 255 : chars.wholeNumber(1, 1_024);
  const hours = at.field("remembered_hours").wholeNumber(1, 24 * 31);
  const named = at.field("operations");
  const names = named.isAbsent
    ? null
    : named.words("names of operations", (text) => operations.some((each) => each.name === text));
  const replayed = readReplayed(at.field("replayed"));
  if (header === null || keyCharsMax === null || hours === null || replayed === undefined) return undefined;
  if (!named.isAbsent && names === null) return undefined;
  // A margin, because the vendor's clock is not ours: an hour, or half of what is short.
  const rememberedMs = hours * HOUR_MS - Math.min(HOUR_MS, (hours * HOUR_MS) / 2);
  return {
    header: header.toLowerCase(),
    keyCharsMax,
    rememberedMs,
    operations: names === null ? null : new Set(names),
    replayed,
  };
}

function readReplayed(at: At): Idempotency["replayed"] | undefined {
  if (at.isAbsent) return null;
  if (!at.hasOnly("an object", ["header", "value"])) return undefined;
  const header = at.field("header").text("the name of the header that marks a stored answer", isHeader);
  const value = at.field("value").text("the header's value");
  return header === null || value === null ? undefined : { header: header.toLowerCase(), value };
}

function isHeader(text: string): boolean {
  return /^[A-Za-z0-9-]+$/.test(text) && !/^(?:authorization|host|content-.*|keybrake-.*)$/i.test(text);
}

/** Refused before anything was done. Not 409 and 404 of something that may have come to be, which each vendor has to say itself. */
const DEFINITE_NO: readonly number[] = [400, 401, 403, 404, 405, 413, 415, 422, 429];
const REFUSAL_BODY: unknown = { error: { code: "{code}", message: "{message}" } };

function readErrors(at: At): Errors | null {
  if (at.isAbsent)
    return {
      own: null,
      definiteNo: new Set(DEFINITE_NO),
      hidesServerErrors: false,
      refusalBody: REFUSAL_BODY,
      refusalStatuses: new Map(),
    };
  if (!at.hasOnly("an object", ["own", "definite_no", "hides_server_errors", "refusal"])) return null;
  const ownAt = at.field("own");
  const own = ownAt.isAbsent ? null : parsePointer(ownAt.text("a JSON pointer") ?? "");
  if (!ownAt.isAbsent && own === null)
    return ownAt.wrong('Write a JSON pointer to what every error has, such as "/message".');
  const noAt = at.field("definite_no");
  const definiteNo = noAt.isAbsent ? DEFINITE_NO : readStatuses(noAt);
  const hides = at.field("hides_server_errors");
  const hidesServerErrors = hides.isAbsent ? false : hides.flag();
  const refusal = at.field("refusal");
  if (!refusal.isAbsent && !refusal.hasOnly("an object", ["body", "statuses"])) return null;
  const body = refusal.field("body");
  const statuses = readRefusalStatuses(refusal.field("statuses"));
  if (!body.isAbsent && !isRecord(body.value)) return body.wrong("Write an object.");
  if (!body.isAbsent && !JSON.stringify(body.value).includes("{message}"))
    return body.wrong("No text in it has {message}.");
  if (definiteNo === null || hidesServerErrors === null || statuses === null) return null;
  return {
    own,
    definiteNo: new Set(definiteNo),
    hidesServerErrors,
    refusalBody: body.isAbsent ? REFUSAL_BODY : body.value,
    refusalStatuses: statuses,
  };
}

function readStatuses(at: At): readonly number[] | null {
  const statuses = at.elements("statuses from 400 to 499")?.map((each) => each.wholeNumber(400, 499)) ?? null;
  return statuses?.every((each) => each !== null) === true ? statuses : null;
}

function readRefusalStatuses(at: At): ReadonlyMap<string, number> | null {
  const statuses = new Map<string, number>();
  if (at.isAbsent) return statuses;
  if (!isRecord(at.value)) return at.wrong("Write an object: the code of a refusal, and the status to answer with.");
  for (const [code, each] of at.entries()) {
    if (!Object.hasOwn(REFUSALS, code))
      return each.wrong(`There is no such refusal. There are: ${Object.keys(REFUSALS).join(", ")}.`);
    const status = each.wholeNumber(400, 599);
    if (status === null) return null;
    statuses.set(code, status);
  }
  return statuses;
}

// ------------------------------------------------------------------------------------------------------------- operations

const METHODS: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const OPERATION_FIELDS = [
  "name",
  "method",
  "path",
  "class",
  "directions",
  "reason",
  "host",
  "redacts",
  "body",
  "parameters",
  "price",
  "amount",
  "settle",
];

function readOperations(at: At, hosts: ReadonlySet<string>): readonly DescribedOperation[] | null {
  const elements = at.elements("operations");
  if (elements === null) return null;
  if (elements.length > OPERATIONS_MAX) return at.wrong(`There are more than ${OPERATIONS_MAX} operations.`);
  const [names, routes] = [new Map<string, number>(), new Map<string, number>()];
  const operations: DescribedOperation[] = [];
  for (const [index, each] of elements.entries()) {
    const operation = readOperation(each, hosts);
    if (operation === null) continue;
    const route = `${operation.method} ${operation.path.replaceAll(/\{\w+\}/g, "{}")}`;
    const [sameName, sameRoute] = [names.get(operation.name), routes.get(route)];
    if (sameName !== undefined) each.field("name").wrong(`operations[${sameName}] has the same name.`);
    if (sameRoute !== undefined) each.field("path").wrong(`operations[${sameRoute}] has the same method and path.`);
    names.set(operation.name, index);
    routes.set(route, index);
    operations.push(operation);
  }
  return operations.length === elements.length ? operations : null;
}

function readOperation(at: At, hosts: ReadonlySet<string>): DescribedOperation | null {
  if (!at.hasOnly("an object", OPERATION_FIELDS)) return null;
  const name = at
    .field("name")
    .text('a name of words with points between them that ends in a verb, such as "text.translate"', (text) =>
      /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/.test(text),
    );
  const method = at.field("method").oneOf(METHODS);
  const path = readPath(at.field("path"));
  const operationClass = at.field("class").oneOf(OPERATION_CLASSES);
  const reason = at.field("reason").isAbsent ? null : at.field("reason").text("one line of text");
  const host = at.field("host").isAbsent
    ? null
    : at.field("host").text(`one of hosts: ${[...hosts].join(", ")}`, (text) => hosts.has(text));
  const redacts = at.field("redacts").isAbsent
    ? []
    : at.field("redacts").words("names of fields", (text) => text.trim() === text);
  const body = at.field("body").isAbsent ? null : at.field("body").oneOf(["stream"] as const);
  const named = at.field("parameters");
  // None is a list too: an operation that takes no parameter at all.
  const parameters = Array.isArray(named.value) && named.value.length === 0 ? [] : readParameterNames(named);
  if (name === null || method === null || path === null || operationClass === null || redacts === null) return null;
  if (parameters === undefined) return null;
  if (!at.field("reason").isAbsent && reason === null) return null;
  if (!at.field("host").isAbsent && host === null) return null;
  if (body !== null && operationClass === "money")
    return at
      .field("body")
      .wrong("What is streamed is not read, so nothing says what it costs. Make its class unbounded.");
  const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, part = ""]) => part);
  const cost = readCost(at, operationClass, parts, parameters);
  if (cost === undefined) return null;
  const directions = readDirections(at.field("directions"), operationClass, cost);
  if (directions === null) return null;
  return {
    name,
    method,
    path,
    class: operationClass,
    directions,
    reason,
    host,
    redacts,
    streamsBody: body === "stream",
    parameters,
    cost,
  };
}

function readParameterNames(at: At): readonly string[] | null | undefined {
  if (at.isAbsent) return null;
  return at.words("names of parameters, without brackets", isParameter) ?? undefined;
}

function readPath(at: At): string | null {
  const isFit = (text: string): boolean =>
    text.startsWith("/") &&
    text
      .slice(1)
      .split("/")
      .every(
        (segment) =>
          /^(?:[A-Za-z0-9._~:-]+|\{[a-z][a-z0-9_]*\}[A-Za-z0-9._~-]*)$/.test(segment) && !/^\.\.?$/.test(segment),
      );
  const path = at.text('the whole path with {names} for what changes, such as "/v1/letters/{letter}"', isFit);
  if (path === null) return null;
  const names = path.match(/\{\w+\}/g) ?? [];
  return new Set(names).size === names.length ? path : at.wrong("Two parts of the path have the same name.");
}

function readDirections(at: At, operationClass: OperationClass, cost: Cost | null): readonly Direction[] | null {
  if (operationClass !== "money" && operationClass !== "unbounded") {
    if (at.isAbsent) return [];
    return at.wrong(`An operation of class ${operationClass} moves nothing, so it has no directions.`);
  }
  if (cost !== null) {
    if (at.isAbsent) return [cost.kind === "amount" ? cost.direction : "usage"];
    return at.wrong("Leave it out: price is always usage, and amount has its own direction.");
  }
  const elements = at.elements(`directions (${DIRECTIONS.join(", ")})`)?.map((each) => each.oneOf(DIRECTIONS));
  return elements?.every((each) => each !== null) === true ? elements : null;
}

// ------------------------------------------------------------------------------------------------------------------- cost

/** Undefined where it is wrong; null is that it costs nothing, or has no bound. */
function readCost(
  at: At,
  operationClass: OperationClass,
  parts: readonly string[],
  parameters: readonly string[] | null,
): Cost | null | undefined {
  const [price, amount, settleAt] = [at.field("price"), at.field("amount"), at.field("settle")];
  if (operationClass !== "money") {
    for (const each of [price, amount, settleAt])
      if (!each.isAbsent) each.wrong("Only an operation of class money has it.");
    return price.isAbsent && amount.isAbsent && settleAt.isAbsent ? null : undefined;
  }
  if (price.isAbsent === amount.isAbsent) {
    at.wrong(
      "An operation of class money has price (what the vendor bills for it) or amount (money that the request names), one of them.",
    );
    return undefined;
  }
  if (parameters === null) {
    at.field("parameters").wrong(
      "Name the parameters that you have thought through. Others are refused: one of them could make the call dearer.",
    );
    return undefined;
  }
  const inRequest: Places = { parts, parameters };
  const settle = settleAt.isAbsent ? null : readAmount(settleAt, IN_ANSWER, ["value", "currency", "form"]);
  if (!settleAt.isAbsent && settle === null) return undefined;
  if (!amount.isAbsent) {
    const read = readAmount(amount, inRequest, ["direction", "value", "currency", "form", "max"]);
    const direction = amount.field("direction").oneOf(DIRECTIONS);
    return read === null || direction === null ? undefined : { kind: "amount", direction, amount: read, settle };
  }
  const elements = Array.isArray(price.value) ? price.elements("prices") : [price];
  if (elements === null) return undefined;
  if (elements.length > PRICES_OF_ONE_MAX) {
    price.wrong(`There are more than ${PRICES_OF_ONE_MAX} prices for one call.`);
    return undefined;
  }
  const prices: Price[] = [];
  for (const each of elements) {
    const read = readPrice(each, inRequest);
    if (read === null) return undefined;
    if (prices.some(({ unit }) => unit === read.unit)) {
      each.field("unit").wrong("Another price of this operation has the same unit.");
      return undefined;
    }
    prices.push(read);
  }
  return { kind: "prices", prices, settle };
}

function readAmount(at: At, places: Places, fields: readonly string[]): Amount | null {
  if (!at.hasOnly("an object", fields)) return null;
  const value = readSource(at.field("value"), places);
  const currency = at.field("currency");
  const code = typeof currency.value === "string" && /^[a-z]{3}$/.test(currency.value) ? currency.value : null;
  if (code !== null && minorUnitDigits(code) === undefined)
    return currency.wrong(`The currency ${quoted(code)} is not one that Keybrake knows.`);
  const source = code === null ? readSource(currency, places, "a currency in lower case, such as usd, or ") : null;
  const form = at.field("form").oneOf(["minor", "major"] as const);
  const limit = at.field("max");
  const max = limit.isAbsent ? null : decimalOf(limit.value);
  if (!limit.isAbsent && max === null)
    return limit.wrong("Write a number that is not negative, in the form of the value.");
  if (value === null || form === null || (code === null && source === null)) return null;
  return {
    value,
    currency: code === null && source !== null ? { kind: "source", source } : { kind: "code", code: code ?? "" },
    form,
    max,
  };
}

function decimalOf(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && isDecimal(text) && !text.startsWith("-") ? text : null;
}

/** Where a pointer may lead. */
interface Places {
  /** Names of parts of the path. */
  readonly parts: readonly string[];
  /** Roots; null: an answer, of which nobody knows. */
  readonly parameters: readonly string[] | null;
}

const IN_ANSWER: Places = { parts: [], parameters: null };

function readSource(at: At, { parts, parameters }: Places, or = ""): Source | null {
  const { value } = at;
  const what = `Write ${or}a JSON pointer, such as "/text" or "/items/*/quantity"${parts.length === 0 ? "" : `, or a part of the path (${parts.map((part) => `"{${part}}"`).join(", ")})`}.`;
  if (typeof value !== "string" || value.length > TEXT_CHARS_MAX) return at.wrong(what);
  const part = /^\{(\w+)\}$/.exec(value)?.[1];
  if (part !== undefined) return parts.includes(part) ? { kind: "path", name: part } : at.wrong(what);
  const pointer = parsePointer(value);
  if (pointer === null) return at.wrong(what);
  // Every request that has it would be refused, and every other one would count what is not there.
  const [root = ""] = pointer.segments;
  if (parameters !== null && !parameters.includes(root))
    return at.wrong(`The parameter ${quoted(root)} is none of the operation's parameters (${parameters.join(", ")}).`);
  return { kind: "pointer", pointer };
}

// ----------------------------------------------------------------------------------------------------------------- prices

const PRICE_FIELDS = [
  "unit",
  "unit_size",
  "whole_units",
  "count",
  "at_least",
  "max",
  "by",
  "currency",
  "list",
  "source",
  "as_of",
  "valid_days",
  "settle",
];

function readPrice(at: At, places: Places): Price | null {
  if (!at.hasOnly("an object", PRICE_FIELDS)) return null;
  const unit = at
    .field("unit")
    .text('the word for what is billed, such as "character": price files use it too', isName);
  const unitSize = optionalCount(at.field("unit_size"), 1, 1);
  const whole = at.field("whole_units");
  const wholeUnits = whole.isAbsent ? false : whole.flag();
  const count = at.field("count").isAbsent ? null : readMeasure(at.field("count"), places);
  // A vendor that is asked for nothing may bill for one all the same. Where nothing costs nothing, the description says so.
  const atLeast = optionalCount(at.field("at_least"), 0, count?.otherwise === 0n ? 0 : 1);
  const max = optionalCount(at.field("max"), 0, -1);
  const by = readBy(at.field("by"), places);
  const currency = readPriceCurrency(at.field("currency"));
  const list = readList(at.field("list"), !at.field("by").isAbsent);
  const origin = readOrigin(at);
  const settle = at.field("settle").isAbsent ? null : readMeasure(at.field("settle"), IN_ANSWER);
  if (unit === null || unitSize === null || wholeUnits === null || atLeast === null || max === null) return null;
  if (by === undefined || currency === null || list === null || origin === null) return null;
  if ((!at.field("count").isAbsent && count === null) || (!at.field("settle").isAbsent && settle === null)) return null;
  return {
    unit,
    unitSize,
    wholeUnits,
    count,
    atLeast,
    max: max < 0n ? null : max,
    by,
    currency,
    list,
    origin,
    settle,
  };
}

function isName(text: string): boolean {
  return text.trim() === text && text.length <= PRICE_NAME_CHARS_MAX;
}

function optionalCount(at: At, min: number, otherwise: number): bigint | null {
  if (at.isAbsent) return BigInt(otherwise);
  const read = at.wholeNumber(min, 1_000_000_000_000);
  return read === null ? null : BigInt(read);
}

const MEASURES: readonly Measure["kind"][] = ["number", "characters", "bytes", "items"];

function readMeasure(at: At, places: Places): Measure | null {
  if (!at.hasOnly("an object", [...MEASURES, "otherwise"])) return null;
  const named = MEASURES.filter((kind) => !at.field(kind).isAbsent);
  const [kind] = named;
  if (kind === undefined || named.length > 1) return at.wrong(`Write one of: ${MEASURES.join(", ")}.`);
  const source = readSource(at.field(kind), places);
  const other = at.field("otherwise");
  const otherwise = optionalCount(other, 0, 0);
  if (source === null || otherwise === null) return null;
  return { kind, source, otherwise: other.isAbsent ? null : otherwise };
}

function readBy(at: At, places: Places): Price["by"] | undefined {
  if (at.isAbsent) return null;
  if (!at.hasOnly("an object", ["value", "otherwise"])) return undefined;
  const source = readSource(at.field("value"), places);
  const other = at.field("otherwise");
  const otherwise = other.isAbsent ? null : other.text("the case that is meant where the request does not say", isName);
  if (source === null || (!other.isAbsent && otherwise === null)) return undefined;
  return { source, otherwise };
}

function readPriceCurrency(at: At): string | null {
  if (at.isAbsent) return "usd";
  return at.text("a currency in lower case, such as eur", (text) => minorUnitDigits(text) !== undefined);
}

function readList(at: At, isByCase: boolean): ReadonlyMap<string, MicroUsd> | null {
  const prices = new Map<string, MicroUsd>();
  if (!isByCase) {
    const price = readMoney(at);
    return price === null ? null : prices.set("*", price);
  }
  if (!isRecord(at.value) || Object.keys(at.value).length === 0)
    return at.wrong(
      'Write an object: the price in each case of "by", and beside "*" that of all others, if they have one.',
    );
  for (const [name, each] of at.entries()) {
    if (!isName(name)) return each.wrong(`A case has 1 to ${PRICE_NAME_CHARS_MAX} characters.`);
    const price = readMoney(each);
    if (price === null) return null;
    prices.set(name, price);
  }
  return prices;
}

/** Millionths of any currency. */
function readMoney(at: At): MicroUsd | null {
  const { value } = at;
  const price = typeof value === "number" || typeof value === "string" ? parseUsd(value) : null;
  if (price === null)
    return at.wrong(
      'Write the price of one unit with a point, no sign and at most six decimals, such as "0.0083". For smaller ones set unit_size.',
    );
  return price > PRICE_MAX ? at.wrong("The price of one unit is more than a million. Check it.") : price;
}

function readOrigin(at: At): PriceOrigin | null {
  const source = at.field("source").text("where the price comes from, such as a page or an order form");
  const asOf = at
    .field("as_of")
    .text(
      'the day on which it was read, such as "2026-11-25"',
      (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && parseInstant(`${text}T00:00:00Z`) !== null,
    );
  const days = at.field("valid_days");
  const validDays = days.isAbsent ? PRICE_VALID_DAYS : days.wholeNumber(1, PRICE_VALID_DAYS_MAX);
  return source === null || asOf === null || validDays === null ? null : { source, asOf, validDays };
}
