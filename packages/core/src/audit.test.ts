import * as fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CHAIN_START, chainHash, rowAfterEffect, rowAfterEnded, rowOfAdmitted, rowOfRefused } from "./audit.ts";
import type { AuditRow } from "./audit.ts";
import type { CallAdmitted, CallEnded } from "./entry.ts";
import type { CallId } from "./ids.ts";
import { asCallId } from "./ids.ts";
import { callFacts, Desk, NO, NOON, replay, shows, UNKNOWN, usd } from "./test-support.ts";
import { instant } from "./time.ts";

/** The rows as a store derives them: in the order of the entries, the row of the call that ended before its effects. */
function rowsOf({ entries }: Desk): Map<CallId, AuditRow> {
  const rows = new Map<CallId, AuditRow>();
  const change = (id: CallId, after: (row: AuditRow) => AuditRow): void => {
    rows.set(id, after(rows.get(id) ?? expect.fail(`no row for ${id}`)));
  };
  for (const entry of entries) {
    if (entry.kind === "admitted") rows.set(entry.call.callId, rowOfAdmitted(entry));
    if (entry.kind === "ended") change(entry.callId, (row) => rowAfterEnded(row, entry));
    if (entry.kind === "ended" || entry.kind === "corrected")
      for (const effect of entry.effects) change(effect.callId, (row) => rowAfterEffect(row, effect));
  }
  return rows;
}

function rowOf(desk: Desk, id: CallId): AuditRow {
  return rowsOf(desk).get(id) ?? expect.fail();
}

describe("a row", () => {
  test("of a refused call says what was asked and why not, and costs nothing", () => {
    const call = callFacts(asCallId("call_1"), { keyId: null });
    const row = rowOfRefused({
      kind: "refused",
      at: NOON,
      call,
      refusal: "spend_cap_exceeded",
      estimate: usd(10),
      direction: "collected",
      amount: { minor: 1000n, currency: "usd" },
      latencyMs: 3,
    });
    expect(row).toMatchObject({ call, at: NOON, verdict: "refused", refusal: "spend_cap_exceeded", outcome: "none" });
    expect(row).toMatchObject({
      inFlight: false,
      estimate: usd(10),
      cost: 0n,
      held: 0n,
      latencyMs: 3,
      upstreamMs: null,
    });
  });

  test("is on its way and held from admission, before any answer", () => {
    const desk = new Desk();
    const call = desk.send(10, { object: "pi_1" });
    expect(rowOf(desk, call)).toMatchObject({
      verdict: "allowed",
      refusal: null,
      outcome: "held",
      inFlight: true,
      estimate: usd(10),
      held: usd(10),
      cost: 0n,
      direction: "collected",
      vendorObjectId: "pi_1",
      httpStatus: null,
    });
  });

  test("of a read is never held", () => {
    const desk = new Desk();
    const call = desk.sendFree();
    expect(rowOf(desk, call)).toMatchObject({
      outcome: "none",
      inFlight: true,
      estimate: null,
      direction: null,
      held: 0n,
    });
    desk.answer(call, NO);
    expect(rowOf(desk, call)).toMatchObject({
      outcome: "none",
      inFlight: false,
      httpStatus: 200,
      latencyMs: 5,
      upstreamMs: 4,
    });
  });

  test("costs what was settled, and holds nothing more", () => {
    const desk = new Desk();
    const call = desk.call(10, shows("pi_1", 4, "final"));
    expect(rowOf(desk, call)).toMatchObject({
      outcome: "settled",
      inFlight: false,
      cost: usd(4),
      held: 0n,
      estimate: usd(10),
      amount: { minor: 400n, currency: "usd" },
      vendorObjectId: "pi_1",
      vendorRequestId: "req_1",
    });
  });

  test("keeps what was asked where the answer names no amount, and says why its outcome is unknown", () => {
    const desk = new Desk();
    const call = desk.call(10, UNKNOWN);
    expect(rowOf(desk, call)).toMatchObject({
      outcome: "unknown",
      why: "no answer",
      held: usd(10),
      amount: { minor: 1000n, currency: "usd" },
    });
  });

  test("changes when another call tells how it ended", () => {
    const desk = new Desk();
    const create = desk.call(10, shows("pi_1", 0));
    expect(rowOf(desk, create)).toMatchObject({ outcome: "held", held: usd(10) });
    const confirm = desk.call(10, shows("pi_1", 10, "final"), { object: "pi_1" });
    expect(rowOf(desk, create)).toMatchObject({ outcome: "settled", held: 0n, cost: usd(10) });
    expect(rowOf(desk, confirm)).toMatchObject({ outcome: "settled", held: 0n, cost: 0n });
  });

  test("of a replay costs nothing and names the call that it repeats, if the vendor says that it is one", () => {
    const desk = new Desk();
    const first = desk.call(10, shows("pi_1", 10, "final"), { key: "k" });
    const again = desk.call(10, replay(shows("pi_1", 10, "final")), { key: "k" });
    expect(rowOf(desk, again)).toMatchObject({ outcome: "none", cost: 0n, held: 0n, replayed: true, replayOf: first });
    const told = desk.call(10, NO, { key: "k" });
    expect(rowOf(desk, told)).toMatchObject({ outcome: "none", replayed: false, replayOf: null });
  });

  test("of a lost call is settled by the call that repeats it", () => {
    const desk = new Desk();
    const first = desk.call(10, UNKNOWN, { key: "k" });
    const again = desk.call(10, shows("pi_1", 10, "final"), { key: "k" });
    expect(rowOf(desk, first)).toMatchObject({ outcome: "settled", cost: usd(10), held: 0n, vendorObjectId: "pi_1" });
    expect(rowOf(desk, again)).toMatchObject({ outcome: "none", cost: 0n });
  });

  test("takes later facts, up and down", () => {
    const desk = new Desk();
    const call = desk.call(10, UNKNOWN);
    desk.correct(desk.hold(call) ?? expect.fail(), 3);
    expect(rowOf(desk, call)).toMatchObject({ outcome: "settled", cost: usd(3), held: 0n });
  });

  test("and all others together cost and hold what the budget says", () => {
    const amounts = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom("no", "lost", "open", "half", "all")),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(amounts, (calls) => {
        const desk = new Desk();
        calls.forEach(([dollars, ends], index) => {
          const { id, admission } = desk.try(dollars);
          if (admission.kind === "refused") return;
          const object = `pi_${index}`;
          if (ends === "no") desk.answer(id, NO);
          if (ends === "lost") desk.answer(id, UNKNOWN);
          if (ends === "open") desk.answer(id, shows(object, 0));
          if (ends === "half") desk.answer(id, shows(object, dollars / 2));
          if (ends === "all") desk.answer(id, shows(object, dollars, "final"));
        });
        const rows = [...rowsOf(desk).values()];
        expect(rows.reduce((sum, row) => sum + row.cost, 0n)).toBe(desk.budget().settled);
        expect(rows.reduce((sum, row) => sum + row.held, 0n)).toBe(desk.budget().held);
      }),
    );
  });
});

test("an answer that says nothing new leaves the fields of the admission alone", () => {
  const admitted: CallAdmitted = {
    kind: "admitted",
    at: NOON,
    call: callFacts(asCallId("call_1")),
    keyId: callFacts(asCallId("call_1")).keyId ?? expect.fail(),
    direction: "paid_out",
    estimate: usd(10),
    amount: { minor: 1000n, currency: "eur" },
    rateDate: "2026-10-30",
    hold: usd(10),
    slots: [],
    objectId: "pi_1",
    movedBefore: usd(0),
    coveredBy: null,
    fingerprint: null,
  };
  const ended: CallEnded = {
    kind: "ended",
    at: instant(NOON + 5),
    callId: admitted.call.callId,
    keyId: admitted.keyId,
    outcome: "unknown",
    why: "cut off",
    httpStatus: null,
    vendorRequestId: null,
    vendorObjectId: null,
    amount: null,
    replayed: false,
    latencyMs: 5,
    upstreamMs: null,
    effects: [],
    object: null,
  };
  const row = rowAfterEnded(rowOfAdmitted(admitted), ended);
  expect(row).toMatchObject({ at: NOON, amount: admitted.amount, vendorObjectId: "pi_1", rateDate: "2026-10-30" });
  expect(row).toMatchObject({ direction: "paid_out", estimate: usd(10), outcome: "unknown", why: "cut off" });
});

describe("the chain", () => {
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

  test("begins with nothing, and its first link is written down here for ever", () => {
    expect(CHAIN_START).toBe("0".repeat(64));
    expect(chainHash(sha256, CHAIN_START, 1, NOON, '{"kind":"refused"}')).toBe(
      sha256(`${"0".repeat(64)}\n1\n1795521600000\n{"kind":"refused"}`),
    );
  });

  test("changes with the link before, the position, the time and every byte of the body", () => {
    const body = '{"a":1}\n{"b":2}';
    const link = (previous: string, position: number, at: number, text: string): string =>
      chainHash(sha256, previous, position, instant(at), text);
    const hashes = [
      link(CHAIN_START, 1, NOON, body),
      link("1".repeat(64), 1, NOON, body),
      link(CHAIN_START, 2, NOON, body),
      link(CHAIN_START, 1, NOON + 1, body),
      link(CHAIN_START, 1, NOON, `${body} `),
      link(CHAIN_START, 1, NOON, '{"b":2}\n{"a":1}'),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("hashes no two links of the same text", () => {
    // Digits cannot wander from the position into the time, nor either into the body: the line ends hold them apart.
    const texts = new Set<string>();
    const link = fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 200 }), fc.constantFrom("{}", "1\n{}", "{}\n{}"));
    fc.assert(
      fc.property(fc.uniqueArray(link, { maxLength: 40, selector: (each) => each.join("|") }), (links) => {
        texts.clear();
        for (const [position, at, body] of links)
          texts.add(chainHash((text) => text, CHAIN_START, position, instant(at), `{"kind":${body}`));
        expect(texts.size).toBe(links.length);
      }),
    );
  });
});
