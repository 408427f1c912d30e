import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEntry, decodeKey, decodeRecord, encodeEntry, encodeKey, encodeRecord } from "./codec.ts";
import type { CallFacts, CredentialChanged, Effect, Entry, MinorAmount, ObjectStanding, Slot } from "./entry.ts";
import { asApiKeyId, asBudgetId, asCallId, asCredentialId, asKeyId } from "./ids.ts";
import type { ApiKey, Cap, Ceilings, Credential, VaultKey } from "./key.ts";
import { MICRO_USD_MAX, microUsd } from "./money.ts";
import { DIRECTIONS } from "./operation.ts";
import type { OperationClass } from "./operation.ts";
import { REFUSALS } from "./refusal.ts";
import type { RefusalCode } from "./refusal.ts";
import { callFacts, capOf, keyOf, NOON, usd } from "./test-support.ts";
import { instant } from "./time.ts";

// ------------------------------------------------------------------------------------------------------- any entry at all

// Every kind of text that a caller, a vendor or an operator could get into an entry: quotes, line ends, halves of surrogates.
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("", "1", "-5", "null", '"}\n{"kind":"x"', "\ud800"),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const money = fc
  .oneof(fc.bigInt({ min: -MICRO_USD_MAX, max: MICRO_USD_MAX }), fc.constantFrom(0n, MICRO_USD_MAX, 2n ** 53n + 1n))
  .map(microUsd);
const at = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(instant);
const callId = text.map(asCallId);
const keyId = text.map(asKeyId);
const by = text.map(asApiKeyId);
const direction = fc.constantFrom(...DIRECTIONS);
/* oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table are the codes */
const refusalCode = fc.constantFrom(...(Object.keys(REFUSALS) as RefusalCode[]));
const operationClass = fc.constantFrom<OperationClass>("read", "free", "money", "unbounded", "secret-bearing");

const amount: fc.Arbitrary<MinorAmount | null> = maybe(
  fc.record({ minor: fc.bigInt({ min: 0n, max: 10n ** 30n }), currency: text }),
);
const slots: fc.Arbitrary<readonly Slot[]> = fc.array(fc.record({ budgetId: text.map(asBudgetId), windowStart: at }), {
  maxLength: 3,
});
const temporal = maybe(fc.record({ namespace: text, workflowId: text, runId: text }));

const call: fc.Arbitrary<CallFacts> = fc.record({
  callId,
  keyId: maybe(keyId),
  label: maybe(text),
  temporal,
  activityId: maybe(text),
  attempt: maybe(fc.nat()),
  vendor: maybe(text),
  livemode: maybe(fc.boolean()),
  sandbox: fc.boolean(),
  operation: maybe(text),
  operationClass: maybe(operationClass),
  method: text,
  path: text,
  idempotencyKey: maybe(text),
});

const effects: fc.Arbitrary<readonly Effect[]> = fc.array(
  fc.record({
    callId,
    settled: money,
    held: money,
    slots,
    direction,
    objectId: maybe(text),
    outcome: fc.constantFrom("held", "unknown", "settled", "released"),
  }),
  { maxLength: 3 },
);
const object: fc.Arbitrary<ObjectStanding | null> = maybe(fc.record({ id: text, moved: money, final: fc.boolean() }));

const cap: fc.Arbitrary<Cap> = fc.record({
  id: text.map(asBudgetId),
  window: fc.constantFrom("hour", "day", "week", "month", "total"),
  limit: money,
  timeZone: text,
  directions: fc.subarray([...DIRECTIONS]),
});
const rateLimit = maybe(fc.record({ calls: fc.nat(), per: fc.constantFrom("second", "minute", "hour") }));

const key: fc.Arbitrary<VaultKey> = fc.record({
  id: keyId,
  tokenHash: text,
  vendor: text,
  credentialId: text.map(asCredentialId),
  livemode: fc.boolean(),
  sandbox: fc.boolean(),
  label: maybe(text),
  temporal,
  allowedEndpoints: fc.array(text, { maxLength: 3 }),
  caps: fc.array(cap, { maxLength: 3 }),
  perCallCap: maybe(money),
  uncapped: fc.boolean(),
  rateLimit,
  onDecline: fc.constantFrom("keep", "release"),
  accounts: fc.array(text, { maxLength: 2 }),
  constraints: fc.dictionary(text, fc.dictionary(text, fc.record({ max: text, in: fc.array(text) })), { maxKeys: 2 }),
  allowUnbounded: fc.dictionary(text, fc.record({ maxPerCall: money }), { maxKeys: 2 }),
  issuedBy: by,
  createdAt: at,
  expiresAt: at,
  revokedAt: maybe(at),
});

const credential: fc.Arbitrary<Credential> = fc.record({
  id: text.map(asCredentialId),
  vendor: text,
  name: text,
  livemode: fc.boolean(),
  sandbox: fc.boolean(),
  accountId: maybe(text),
  isDefault: fc.boolean(),
  createdAt: at,
  rotatedAt: maybe(at),
  removedAt: maybe(at),
});

const ceilings: fc.Arbitrary<Ceilings> = fc.record(
  {
    vendors: fc.array(text, { maxLength: 2 }),
    credentials: fc.array(text, { maxLength: 2 }),
    labelPrefix: text,
    allowedEndpoints: fc.array(text, { maxLength: 2 }),
    dailyCap: money,
    totalCap: money,
    perCallCap: money,
    expiresInMs: fc.nat(),
  },
  { requiredKeys: [] },
);
const apiKey: fc.Arbitrary<ApiKey> = fc.record({
  id: by,
  name: text,
  tokenHash: text,
  scopes: fc.subarray(["issue", "read", "operate", "admin"] as const),
  ceilings: maybe(ceilings),
  createdAt: at,
  revokedAt: maybe(at),
});

const estimate = maybe(money);
const latencyMs = fc.nat();
const one = <K extends string>(kind: K): fc.Arbitrary<K> => fc.constant(kind);

const ANY: Readonly<Record<Entry["kind"], fc.Arbitrary<Entry>>> = {
  refused: fc.record({
    kind: one("refused"),
    at,
    call,
    refusal: refusalCode,
    estimate,
    direction: maybe(direction),
    amount,
    latencyMs,
  }),
  admitted: fc.record({
    kind: one("admitted"),
    at,
    call,
    keyId,
    direction: maybe(direction),
    estimate,
    amount,
    rateDate: maybe(text),
    hold: maybe(money),
    slots,
    objectId: maybe(text),
    movedBefore: money,
    coveredBy: maybe(callId),
    fingerprint: maybe(text),
  }),
  ended: fc.record({
    kind: one("ended"),
    at,
    callId,
    keyId,
    outcome: fc.constantFrom("held", "unknown", "settled", "released", "none"),
    why: maybe(text),
    httpStatus: maybe(fc.nat()),
    vendorRequestId: maybe(text),
    vendorObjectId: maybe(text),
    amount,
    replayed: fc.boolean(),
    latencyMs,
    upstreamMs: maybe(fc.nat()),
    effects,
    object,
  }),
  corrected: fc.record({
    kind: one("corrected"),
    at,
    callId,
    keyId,
    effects,
    object,
    evidence: fc.record({ source: text, note: text }),
  }),
  key_issued: fc.record({ kind: one("key_issued"), at, key }),
  key_patched: fc.record({
    kind: one("key_patched"),
    at,
    keyId,
    by,
    patch: fc.record(
      {
        caps: fc.array(cap, { maxLength: 2 }),
        perCallCap: maybe(money),
        allowedEndpoints: fc.array(text, { maxLength: 2 }),
        rateLimit,
        onDecline: fc.constantFrom("keep", "release"),
        expiresAt: at,
        label: maybe(text),
      },
      { requiredKeys: [] },
    ),
  }),
  key_revoked: fc.record({ kind: one("key_revoked"), at, keyId, by, reason: maybe(text) }),
  credential_added: fc.record({ kind: one("credential_added"), at, by, credential }),
  credential_rotated: changed("credential_rotated"),
  credential_removed: changed("credential_removed"),
  credential_made_default: changed("credential_made_default"),
  api_key_created: fc.record({ kind: one("api_key_created"), at, by, apiKey }),
  api_key_revoked: fc.record({ kind: one("api_key_revoked"), at, by, apiKeyId: by }),
};

function changed(kind: CredentialChanged["kind"]): fc.Arbitrary<CredentialChanged> {
  return fc.record(
    { kind: one(kind), at, by, credentialId: text.map(asCredentialId), livemode: fc.boolean() },
    { requiredKeys: ["kind", "at", "by", "credentialId"] },
  );
}

describe("an entry", () => {
  test.each(Object.keys(ANY).filter(isKind))("of the kind %s is one line, and reads back as it was", (kind) => {
    fc.assert(
      fc.property<[Entry]>(ANY[kind], (entry) => {
        const line = encodeEntry(entry);
        expect(line).not.toMatch(/[\n\r]/);
        expect(decodeEntry(line)).toEqual(entry);
        expect(encodeEntry(decodeEntry(line))).toBe(line);
      }),
      { numRuns: 150 },
    );
  });

  test("is never written by an encoder that forgot one of its amounts", () => {
    // JSON knows no bigint: an amount in a place that the hand-made encoders do not know throws, and nothing is lost silently.
    const admitted = { ...ENTRIES.admitted, surprise: 5n };
    expect(() => encodeEntry(admitted)).toThrow(TypeError);
  });
});

describe("records beside the entries", () => {
  test("a vault key reads back as it was", () => {
    fc.assert(
      fc.property(key, (each) => {
        expect(decodeKey(encodeKey(each))).toEqual(each);
      }),
    );
  });

  test("a credential and an API key with its ceilings read back as they were", () => {
    fc.assert(
      fc.property(fc.oneof<[typeof credential, typeof apiKey]>(credential, apiKey), (each) => {
        expect(decodeRecord(encodeRecord(each))).toEqual(each);
      }),
    );
  });
});

// ------------------------------------------------------------------------------------------------------------- for ever

const CALL: CallFacts = callFacts(asCallId("call_1"), {
  label: "run-7",
  temporal: { namespace: "default", workflowId: "w", runId: "r" },
  activityId: "a",
  attempt: 2,
  idempotencyKey: "k",
});
const SLOT: Slot = { budgetId: asBudgetId("day"), windowStart: instant(1_795_478_400_000) };
const EFFECT: Effect = {
  callId: asCallId("call_1"),
  settled: usd(4),
  held: microUsd(-10_000_000n),
  slots: [SLOT],
  direction: "collected",
  objectId: "pi_1",
  outcome: "settled",
};
const BY = asApiKeyId("api_1");
const CREDENTIAL: Credential = {
  id: asCredentialId("cred_1"),
  vendor: "acme",
  name: "main",
  livemode: true,
  sandbox: false,
  accountId: "AC1",
  isDefault: true,
  createdAt: NOON,
  rotatedAt: null,
  removedAt: null,
};

const ENTRIES: Readonly<Record<Entry["kind"], Entry>> = {
  refused: {
    kind: "refused",
    at: NOON,
    call: CALL,
    refusal: "spend_cap_exceeded",
    estimate: usd(10),
    direction: "collected",
    amount: { minor: 1000n, currency: "usd" },
    latencyMs: 3,
  },
  admitted: {
    kind: "admitted",
    at: NOON,
    call: CALL,
    keyId: asKeyId("key_1"),
    direction: "collected",
    estimate: usd(10),
    amount: { minor: 1000n, currency: "usd" },
    rateDate: "2026-10-30",
    hold: usd(10),
    slots: [SLOT],
    objectId: "pi_1",
    movedBefore: usd(1),
    coveredBy: null,
    fingerprint: "f",
  },
  ended: {
    kind: "ended",
    at: NOON,
    callId: asCallId("call_1"),
    keyId: asKeyId("key_1"),
    outcome: "settled",
    why: null,
    httpStatus: 200,
    vendorRequestId: "req_1",
    vendorObjectId: "pi_1",
    amount: { minor: 400n, currency: "usd" },
    replayed: false,
    latencyMs: 30,
    upstreamMs: 28,
    effects: [EFFECT],
    object: { id: "pi_1", moved: usd(5), final: true },
  },
  corrected: {
    kind: "corrected",
    at: NOON,
    callId: asCallId("call_1"),
    keyId: asKeyId("key_1"),
    effects: [EFFECT],
    object: { id: "pi_1", moved: usd(5), final: true },
    evidence: { source: "operator", note: "looked" },
  },
  key_issued: {
    kind: "key_issued",
    at: NOON,
    key: keyOf({ caps: [capOf()], perCallCap: usd(5), rateLimit: { calls: 3, per: "minute" }, expiresAt: NOON }),
  },
  key_patched: {
    kind: "key_patched",
    at: NOON,
    keyId: asKeyId("key_1"),
    by: BY,
    patch: {
      caps: [capOf()],
      perCallCap: usd(5),
      allowedEndpoints: ["**"],
      rateLimit: null,
      onDecline: "release",
      expiresAt: NOON,
      label: "x",
    },
  },
  key_revoked: { kind: "key_revoked", at: NOON, keyId: asKeyId("key_1"), by: BY, reason: "done" },
  credential_added: { kind: "credential_added", at: NOON, by: BY, credential: CREDENTIAL },
  credential_rotated: { kind: "credential_rotated", at: NOON, by: BY, credentialId: CREDENTIAL.id, livemode: true },
  credential_removed: { kind: "credential_removed", at: NOON, by: BY, credentialId: CREDENTIAL.id },
  credential_made_default: { kind: "credential_made_default", at: NOON, by: BY, credentialId: CREDENTIAL.id },
  api_key_created: {
    kind: "api_key_created",
    at: NOON,
    by: BY,
    apiKey: {
      id: asApiKeyId("api_2"),
      name: "ci",
      tokenHash: "ff",
      scopes: ["issue"],
      ceilings: {
        vendors: ["acme"],
        credentials: ["main"],
        labelPrefix: "ci-",
        allowedEndpoints: ["**"],
        dailyCap: usd(1),
        totalCap: usd(2),
        perCallCap: usd(3),
        expiresInMs: 60_000,
      },
      createdAt: NOON,
      revokedAt: null,
    },
  },
  api_key_revoked: { kind: "api_key_revoked", at: NOON, by: BY, apiKeyId: asApiKeyId("api_2") },
};

/**
 * What journals hold already. A name or a meaning here never changes: a line that was written must read the same for ever, and its
 * hash with it. A new field may be added at the end of an entry, with a default on read.
 */
const LINES: Readonly<Record<Entry["kind"], string>> = {
  refused:
    '{"kind":"refused","at":1795521600000,"call":{"callId":"call_1","keyId":"key_1","label":"run-7","temporal":{"namespace":"default","workflowId":"w","runId":"r"},"activityId":"a","attempt":2,"vendor":"acme","livemode":false,"sandbox":false,"operation":"payments.create","operationClass":"money","method":"POST","path":"/v1/payments","idempotencyKey":"k"},"refusal":"spend_cap_exceeded","estimate":"10000000","direction":"collected","amount":{"minor":"1000","currency":"usd"},"latencyMs":3}',
  admitted:
    '{"kind":"admitted","at":1795521600000,"call":{"callId":"call_1","keyId":"key_1","label":"run-7","temporal":{"namespace":"default","workflowId":"w","runId":"r"},"activityId":"a","attempt":2,"vendor":"acme","livemode":false,"sandbox":false,"operation":"payments.create","operationClass":"money","method":"POST","path":"/v1/payments","idempotencyKey":"k"},"keyId":"key_1","direction":"collected","estimate":"10000000","amount":{"minor":"1000","currency":"usd"},"rateDate":"2026-10-30","hold":"10000000","slots":[{"budgetId":"day","windowStart":1795478400000}],"objectId":"pi_1","movedBefore":"1000000","coveredBy":null,"fingerprint":"f"}',
  ended:
    '{"kind":"ended","at":1795521600000,"callId":"call_1","keyId":"key_1","outcome":"settled","why":null,"httpStatus":200,"vendorRequestId":"req_1","vendorObjectId":"pi_1","amount":{"minor":"400","currency":"usd"},"replayed":false,"latencyMs":30,"upstreamMs":28,"effects":[{"callId":"call_1","settled":"4000000","held":"-10000000","slots":[{"budgetId":"day","windowStart":1795478400000}],"direction":"collected","objectId":"pi_1","outcome":"settled"}],"object":{"id":"pi_1","moved":"5000000","final":true}}',
  corrected:
    '{"kind":"corrected","at":1795521600000,"callId":"call_1","keyId":"key_1","effects":[{"callId":"call_1","settled":"4000000","held":"-10000000","slots":[{"budgetId":"day","windowStart":1795478400000}],"direction":"collected","objectId":"pi_1","outcome":"settled"}],"object":{"id":"pi_1","moved":"5000000","final":true},"evidence":{"source":"operator","note":"looked"}}',
  key_issued:
    '{"kind":"key_issued","at":1795521600000,"key":{"id":"key_1","tokenHash":"0000000000000000000000000000000000000000000000000000000000000000","vendor":"acme","credentialId":"cred_1","livemode":false,"sandbox":false,"label":null,"temporal":null,"allowedEndpoints":["**"],"caps":[{"id":"total","window":"total","limit":"100000000","timeZone":"UTC","directions":["collected","paid_out","usage"]}],"perCallCap":"5000000","uncapped":false,"rateLimit":{"calls":3,"per":"minute"},"onDecline":"keep","accounts":[],"constraints":{},"allowUnbounded":{},"issuedBy":"api_1","createdAt":1795521600000,"expiresAt":1795521600000,"revokedAt":null}}',
  key_patched:
    '{"kind":"key_patched","at":1795521600000,"keyId":"key_1","by":"api_1","patch":{"caps":[{"id":"total","window":"total","limit":"100000000","timeZone":"UTC","directions":["collected","paid_out","usage"]}],"perCallCap":"5000000","allowedEndpoints":["**"],"rateLimit":null,"onDecline":"release","expiresAt":1795521600000,"label":"x"}}',
  key_revoked: '{"kind":"key_revoked","at":1795521600000,"keyId":"key_1","by":"api_1","reason":"done"}',
  credential_added:
    '{"kind":"credential_added","at":1795521600000,"by":"api_1","credential":{"id":"cred_1","vendor":"acme","name":"main","livemode":true,"sandbox":false,"accountId":"AC1","isDefault":true,"createdAt":1795521600000,"rotatedAt":null,"removedAt":null}}',
  credential_rotated:
    '{"kind":"credential_rotated","at":1795521600000,"by":"api_1","credentialId":"cred_1","livemode":true}',
  credential_removed: '{"kind":"credential_removed","at":1795521600000,"by":"api_1","credentialId":"cred_1"}',
  credential_made_default: '{"kind":"credential_made_default","at":1795521600000,"by":"api_1","credentialId":"cred_1"}',
  api_key_created:
    '{"kind":"api_key_created","at":1795521600000,"by":"api_1","apiKey":{"id":"api_2","name":"ci","tokenHash":"ff","scopes":["issue"],"ceilings":{"vendors":["acme"],"credentials":["main"],"labelPrefix":"ci-","allowedEndpoints":["**"],"dailyCap":"1000000","totalCap":"2000000","perCallCap":"3000000","expiresInMs":60000},"createdAt":1795521600000,"revokedAt":null}}',
  api_key_revoked: '{"kind":"api_key_revoked","at":1795521600000,"by":"api_1","apiKeyId":"api_2"}',
};

describe("what was once written is read for ever:", () => {
  test.each(Object.keys(LINES).filter(isKind))("%s", (kind) => {
    expect(decodeEntry(LINES[kind])).toEqual(ENTRIES[kind]);
    expect(encodeEntry(ENTRIES[kind])).toBe(LINES[kind]);
  });
});

test("a key of the first version, which had neither constraints nor ceilings, is read as one without", () => {
  const before = LINES.key_issued.replace(',"constraints":{},"allowUnbounded":{}', "");
  expect(before).not.toBe(LINES.key_issued);
  expect(decodeEntry(before)).toEqual(ENTRIES.key_issued);
});

function isKind(text: string): text is Entry["kind"] {
  return text in ANY;
}
