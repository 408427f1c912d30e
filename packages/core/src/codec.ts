/**
 * Entries as text and back: one line of JSON each, amounts as decimal strings. The text is what the journal keeps and what the
 * hash chain covers, so a field, once written, keeps its name and meaning for ever; new fields are added, with a default on read.
 */
import type { Effect, Entry, MinorAmount } from "./entry.ts";
import type { VaultKey } from "./key.ts";

/** Fields that are `bigint` in memory and a decimal string in text. No text field may ever be called like one of these. */
const AMOUNT_FIELDS: ReadonlySet<string> = new Set([
  "dailyCap",
  "estimate",
  "held",
  "hold",
  "limit",
  "maxPerCall",
  "minor",
  "moved",
  "movedBefore",
  "perCallCap",
  "settled",
  "totalCap",
]);

/**
 * The three entries of every call have their amounts written out by hand: JSON.stringify with a replacer asks it about every
 * field and takes five times as long. An amount that was forgotten here fails loudly, because JSON knows no bigint.
 */
export function encodeEntry(entry: Entry): string {
  switch (entry.kind) {
    case "admitted":
      return JSON.stringify({
        ...entry,
        estimate: decimal(entry.estimate),
        amount: amountText(entry.amount),
        hold: decimal(entry.hold),
        movedBefore: decimal(entry.movedBefore),
      });
    case "ended":
      return JSON.stringify({
        ...entry,
        amount: amountText(entry.amount),
        ...(entry.fee === undefined ? {} : { fee: amountText(entry.fee) }),
        effects: entry.effects.map(effectText),
        object: entry.object === null ? null : { ...entry.object, moved: decimal(entry.object.moved) },
      });
    case "refused":
      return JSON.stringify({ ...entry, estimate: decimal(entry.estimate), amount: amountText(entry.amount) });
    case "key_issued":
      return JSON.stringify({ ...entry, key: keyText(entry.key) });
    case "corrected":
    case "key_patched":
    case "key_revoked":
    case "credential_added":
    case "credential_rotated":
    case "credential_removed":
    case "credential_made_default":
    case "api_key_created":
    case "api_key_revoked":
      return encodeRecord(entry);
  }
}

export function encodeKey(key: VaultKey): string {
  return JSON.stringify(keyText(key));
}

/** What `encodeKey` wrote. */
export function decodeKey(text: string): VaultKey {
  return readKey(JSON.parse(text) as VaultKey);
}

/** A credential, an API key: as entries write them. */
export function encodeRecord(record: object): string {
  return JSON.stringify(record, (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** What `encodeRecord` wrote; the caller knows what it was. */
export function decodeRecord(text: string): unknown {
  const value: unknown = JSON.parse(text);
  searchAmounts(value as Fields);
  return value;
}

function decimal(amount: bigint | null): string | null {
  return amount === null ? null : amount.toString();
}

function amountText(amount: MinorAmount | null): object | null {
  return amount === null ? null : { ...amount, minor: amount.minor.toString() };
}

function keyText(key: VaultKey): object {
  const caps = key.caps.map((cap) => ({ ...cap, limit: cap.limit.toString() }));
  return {
    ...key,
    caps,
    perCallCap: decimal(key.perCallCap),
    allowUnbounded: mapValues(key.allowUnbounded, ({ maxPerCall }) => ({ maxPerCall: maxPerCall.toString() })),
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function effectText(effect: Effect): object {
  return { ...effect, settled: effect.settled.toString(), held: effect.held.toString() };
}

/**
 * `text` was written by `encodeEntry` and is covered by the hash chain, so its shape is proved before it is read.
 * As in writing, the amounts of the entries of every call are found by name; the rare ones are searched.
 */
export function decodeEntry(text: string): Entry {
  const value: unknown = JSON.parse(text);
  const entry = value as Writable<Entry>;
  switch (entry.kind) {
    case "admitted":
      entry.estimate = read(entry.estimate);
      entry.hold = read(entry.hold);
      entry.movedBefore = read(entry.movedBefore);
      entry.amount = readAmount(entry.amount);
      break;
    case "ended":
      entry.amount = readAmount(entry.amount);
      if (entry.fee !== undefined) entry.fee = { ...entry.fee, minor: read(entry.fee.minor) };
      entry.effects = entry.effects.map(readEffect);
      if (entry.object !== null) entry.object = { ...entry.object, moved: read(entry.object.moved) };
      break;
    case "refused":
      entry.estimate = read(entry.estimate);
      entry.amount = readAmount(entry.amount);
      break;
    case "key_issued":
      entry.key = readKey(entry.key);
      break;
    case "corrected":
    case "key_patched":
    case "key_revoked":
    case "credential_added":
    case "credential_rotated":
    case "credential_removed":
    case "credential_made_default":
    case "api_key_created":
    case "api_key_revoked":
      searchAmounts(value as Fields);
  }
  return entry;
}

type Writable<T> = T extends unknown ? { -readonly [Name in keyof T]: T[Name] } : never;
type Fields = Record<string, unknown>;

/** Typed as what it becomes; it is still the decimal text of it. */
function read<Amount extends bigint | null>(decimalText: Amount): Amount {
  const text: unknown = decimalText;
  return (typeof text === "string" ? BigInt(text) : null) as Amount;
}

function readAmount(amount: MinorAmount | null): MinorAmount | null {
  return amount === null ? null : { ...amount, minor: read(amount.minor) };
}

function readKey(key: VaultKey): VaultKey {
  const stored: Partial<VaultKey> = key;
  const caps = key.caps.map((cap) => ({ ...cap, limit: read(cap.limit) }));
  return {
    ...key,
    caps,
    perCallCap: read(key.perCallCap),
    // Keys of the first version have neither.
    constraints: stored.constraints ?? {},
    allowUnbounded: mapValues(stored.allowUnbounded ?? {}, ({ maxPerCall }) => ({ maxPerCall: read(maxPerCall) })),
  };
}

function readEffect(effect: Effect): Effect {
  return { ...effect, settled: read(effect.settled), held: read(effect.held) };
}

// A walk over the parsed value: a reviver does the same at several times the price.
function searchAmounts(fields: Fields): void {
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === "string") {
      if (AMOUNT_FIELDS.has(name)) fields[name] = BigInt(value);
    } else if (typeof value === "object" && value !== null) searchAmounts(value as Fields);
  }
}
