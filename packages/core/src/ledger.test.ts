import { describe, expect, test } from "vitest";
import { asBudgetId, asCallId } from "./ids.ts";
import { InvariantViolation } from "./invariant.ts";
import { IDEMPOTENCY_USES_FORGOTTEN, IDEMPOTENCY_USES_MAX, correct, type preview } from "./ledger.ts";
import {
  capOf,
  Desk,
  keyOf,
  NO,
  NOON,
  reading,
  replay,
  shows,
  showsOpen,
  stateText,
  UNKNOWN,
  usd,
} from "./test-support.ts";
import { DAY_MS, HOUR_MS, instant, parseInstant } from "./time.ts";
import type { Instant } from "./time.ts";
import type { MeterReading } from "./vendor.ts";

function time(text: string): Instant {
  const at = parseInstant(text);
  if (at === null) throw new Error(`${text} is no time`);
  return at;
}

describe("a hold", () => {
  test("is there before the answer, and what it holds is no longer free", () => {
    const desk = new Desk();
    desk.send(60);
    expect(desk.standing()).toBe("0 settled, 60 held");
    expect(desk.refusal(40.01).code).toBe("spend_cap_exceeded");
    desk.send(40);
    expect(desk.standing()).toBe("0 settled, 100 held");
  });

  test("is settled exactly, and the rest is free again", () => {
    const desk = new Desk();
    const call = desk.call(60, shows("pi_1", 59.99, "final"));
    expect(desk.standing()).toBe("59.99 settled, 0 held");
    expect(desk.outcomes(call)).toEqual(["settled"]);
    expect(desk.hold(call)).toBeUndefined();
  });

  test("of a partial capture settles what was captured and releases the rest", () => {
    const desk = new Desk();
    desk.call(60, shows("pi_1", 0));
    desk.call(60, shows("pi_1", 25, "final"), { object: "pi_1" });
    expect(desk.standing()).toBe("25 settled, 0 held");
  });

  test("of an object that is captured in parts is settled part by part", () => {
    const desk = new Desk();
    desk.call(60, shows("pi_1", 0));
    for (const moved of [20, 45]) {
      desk.call(60 - moved, shows("pi_1", moved), { object: "pi_1" });
      expect(desk.standing()).toBe(`${moved} settled, ${60 - moved} held`);
    }
    desk.call(0, shows("pi_1", 50, "final"), { object: "pi_1" });
    expect(desk.standing()).toBe("50 settled, 0 held");
  });

  test("is released by a definite no, and then the call cost nothing", () => {
    const desk = new Desk();
    const call = desk.call(60, NO);
    expect(desk.standing()).toBe("0 settled, 0 held");
    expect(desk.outcomes(call)).toEqual(["released"]);
  });

  test("is kept when nobody knows what the vendor did", () => {
    const desk = new Desk();
    const call = desk.call(60, UNKNOWN);
    expect(desk.standing()).toBe("0 settled, 60 held");
    expect(desk.outcome(call)).toBe("unknown");
    expect(desk.refusal(50).code).toBe("spend_cap_exceeded");
  });

  test("is released when no byte left, whatever else is said", () => {
    const desk = new Desk();
    for (const said of [UNKNOWN, NO, shows("pi_1", 60, "final")]) desk.answer(desk.send(60), said, { notSent: true });
    expect(desk.standing()).toBe("0 settled, 0 held");
  });

  test("ends once: a call that has ended cannot end again", () => {
    const desk = new Desk();
    const call = desk.call(60, NO);
    expect(() => desk.answer(call, shows("pi_1", 60, "final"))).toThrow(InvariantViolation);
    expect(() => desk.answer(asCallId("call_nobody"), NO)).toThrow(InvariantViolation);
    expect(desk.standing()).toBe("0 settled, 0 held");
  });

  test("is overdrawn only by a fact: what the vendor moved beyond it is booked in full", () => {
    const desk = new Desk();
    desk.call(60, shows("pi_1", 250, "final"));
    expect(desk.standing()).toBe("250 settled, 0 held");
    expect(desk.budget().remaining).toBe(0n);
    expect(desk.refusal(0.01).code).toBe("spend_cap_exceeded");
  });

  test("of nothing is admitted on a full cap, and what it moves all the same is booked", () => {
    const desk = new Desk();
    desk.call(100, shows("pi_1", 100, "final"));
    desk.call(0, shows("pi_2", 5, "final"), { object: "pi_2" });
    expect(desk.standing()).toBe("105 settled, 0 held");
  });
});

describe("a call that says what it spent", () => {
  const spent = (dollars: number): MeterReading => reading({ kind: "spent", moved: usd(dollars), amount: null });

  test("is settled at that, and the rest is free again", () => {
    const desk = new Desk();
    const call = desk.call(60, spent(20));
    expect(desk.standing()).toBe("20 settled, 0 held");
    expect(desk.outcomes(call)).toEqual(["settled"]);
  });

  test("and spent nothing is released", () => {
    const desk = new Desk();
    expect(desk.outcomes(desk.call(60, spent(0)))).toEqual(["released"]);
    expect(desk.standing()).toBe("0 settled, 0 held");
  });

  test("counts once when it is sent again under its idempotency key, also without a mark that it is a replay", () => {
    const desk = new Desk();
    desk.call(60, spent(60), { key: "k" });
    const again = desk.call(60, spent(60), { key: "k" });
    expect(desk.standing()).toBe("60 settled, 0 held");
    expect(desk.outcome(again)).toBe("none");
  });

  test("counts once whichever of two identical ones is answered first", () => {
    const desk = new Desk();
    const first = desk.send(60, { key: "k" });
    const second = desk.send(60, { key: "k" });
    desk.answer(second, spent(60));
    desk.answer(first, spent(60));
    expect(desk.standing()).toBe("60 settled, 0 held");
  });

  test("settles the lost one that it repeats", () => {
    const desk = new Desk();
    const lost = desk.call(60, UNKNOWN, { key: "k" });
    desk.call(60, spent(60), { key: "k" });
    expect(desk.standing()).toBe("60 settled, 0 held");
    expect(desk.outcomes(lost)).toEqual(["unknown", "settled"]);
  });

  test("and was a replay that this key did not know costs nothing", () => {
    const desk = new Desk();
    desk.call(60, replay(spent(60)));
    expect(desk.standing()).toBe("0 settled, 0 held");
  });

  test("is booked in full where it is more than was held", () => {
    const desk = new Desk();
    desk.call(60, spent(70));
    expect(desk.standing()).toBe("70 settled, 0 held");
  });
});

describe("a preview", () => {
  test("says what admission would say, and changes nothing", () => {
    const desk = new Desk();
    desk.send(60);
    const ask = (dollars: number): ReturnType<typeof preview> => desk.preview(dollars);
    expect(ask(40).refusal).toBeNull();
    expect(ask(41).refusal?.code).toBe("spend_cap_exceeded");
    expect(ask(40).budgets.map(({ held }) => held)).toEqual([usd(60)]);
    desk.send(40);
  });
});

describe("a count of calls", () => {
  test("over a day begins again with the day, over all never", () => {
    const daily = new Desk(keyOf({ rateLimit: { calls: 1, per: "day" } }));
    daily.sendFree();
    expect(daily.refusal(1)).toMatchObject({ code: "rate_limited", retryAfterSeconds: 12 * 3600 });
    daily.now = instant(NOON + DAY_MS);
    daily.send(1);
    const once = new Desk(keyOf({ rateLimit: { calls: 1, per: "total" } }));
    once.sendFree();
    once.now = instant(NOON + 400 * DAY_MS);
    const refused = once.refusal(1);
    expect(refused.code).toBe("rate_limited");
    expect(refused.retryAfterSeconds).toBeUndefined();
  });
});

describe("an object", () => {
  test("is held once: confirm and capture add nothing", () => {
    const desk = new Desk();
    desk.call(100, shows("pi_1", 0));
    desk.call(100, shows("pi_1", 0), { object: "pi_1" });
    expect(desk.standing()).toBe("0 settled, 100 held");
    desk.call(100, shows("pi_1", 100, "final"), { object: "pi_1" });
    expect(desk.standing()).toBe("100 settled, 0 held");
  });

  test("that is raised is held for the difference", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 0));
    desk.call(70, shows("pi_1", 0), { object: "pi_1" });
    expect(desk.standing()).toBe("0 settled, 70 held");
    expect(desk.refusal(101, { object: "pi_1" }).facts).toMatchObject({ asked_usd: "31" });
    desk.look(shows("pi_1", 70, "final"));
    expect(desk.standing()).toBe("70 settled, 0 held");
  });

  test("that may move more than is held for it is held for all of it, also beyond the cap, until it ends", () => {
    const desk = new Desk();
    desk.call(40, showsOpen("pi_1", 0, 90));
    expect(desk.standing()).toBe("0 settled, 90 held");
    desk.look(showsOpen("pi_1", 10, 120));
    expect(desk.standing()).toBe("10 settled, 120 held");
    expect(desk.refusal(1).code).toBe("spend_cap_exceeded");
    desk.look(shows("pi_1", 10, "final"));
    expect(desk.standing()).toBe("10 settled, 0 held");
  });

  test("that may move less than is held gives nothing back before it ends", () => {
    const desk = new Desk();
    desk.call(40, showsOpen("pi_1", 0, 10));
    expect(desk.standing()).toBe("0 settled, 40 held");
  });

  test("whose raise is still on its way counts that one's hold too", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 0));
    const raise = desk.send(70, { object: "pi_1" });
    desk.look(showsOpen("pi_1", 0, 70));
    expect(desk.standing()).toBe("0 settled, 70 held");
    desk.answer(raise, showsOpen("pi_1", 0, 70));
    expect(desk.standing()).toBe("0 settled, 70 held");
  });

  test("that could not be raised gives the difference back", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 0));
    desk.call(70, NO, { object: "pi_1" });
    expect(desk.standing()).toBe("0 settled, 40 held");
  });

  test("that is lowered gives nothing back before it ends", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 0));
    desk.call(10, shows("pi_1", 0), { object: "pi_1" });
    expect(desk.standing()).toBe("0 settled, 40 held");
  });

  test("that is cancelled releases its hold, and keeps what was captured before", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 0));
    desk.call(40, shows("pi_1", 15), { object: "pi_1" });
    desk.look(shows("pi_1", 15, "final"));
    expect(desk.standing()).toBe("15 settled, 0 held");
  });

  test("that was declined keeps its hold, because its client secret can still pay it", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 0, "declined"));
    expect(desk.standing()).toBe("0 settled, 40 held");
    desk.look(shows("pi_1", 40, "final"));
    expect(desk.standing()).toBe("40 settled, 0 held");
  });

  test("that was declined releases where the key says so, and is held again by the next call on it", () => {
    const desk = new Desk(keyOf({ onDecline: "release" }));
    desk.call(40, shows("pi_1", 0, "declined"));
    expect(desk.standing()).toBe("0 settled, 0 held");
    desk.call(40, shows("pi_1", 40, "final"), { object: "pi_1" });
    expect(desk.standing()).toBe("40 settled, 0 held");
  });

  test("that was declined stays held while another call on it may still succeed", () => {
    for (const last of ["on its way", "unknown", "unknown, and looked for"]) {
      const desk = new Desk(keyOf({ onDecline: "release" }));
      desk.call(100, shows("pi_1", 0));
      const first = desk.send(100, { object: "pi_1" });
      const second = desk.send(100, { object: "pi_1" });
      if (last !== "on its way") desk.answer(second, UNKNOWN);
      if (last === "unknown, and looked for") desk.look(shows("pi_1", 0));
      desk.answer(first, shows("pi_1", 0, "declined"));
      expect(desk.standing()).toBe("0 settled, 100 held");
      expect(desk.refusal(1).code).toBe("spend_cap_exceeded");
      if (last === "on its way") desk.answer(second, shows("pi_1", 100, "final"));
      else desk.look(shows("pi_1", 100, "final"));
      expect(desk.standing()).toBe("100 settled, 0 held");
    }
  });

  test("that others made is held by the first call on it; what it had moved before is nobody's spend here", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 30), { object: "pi_1", movedBefore: 30 });
    expect(desk.standing()).toBe("0 settled, 40 held");
    desk.look(shows("pi_1", 55, "final"));
    expect(desk.standing()).toBe("25 settled, 0 held");
  });

  test("that others made is not covered by a call that may still be refused", () => {
    const desk = new Desk();
    const refused = desk.send(100, { object: "pi_1" });
    // The second call on it stands by itself: when the first is refused, its hold goes with it.
    expect(desk.refusal(100, { object: "pi_1" }).code).toBe("spend_cap_exceeded");
    desk.answer(refused, NO);
    const paid = desk.send(100, { object: "pi_1" });
    expect(desk.refusal(1).code).toBe("spend_cap_exceeded");
    desk.answer(paid, shows("pi_1", 100, "final"));
    expect(desk.standing()).toBe("100 settled, 0 held");
  });

  test("whose first call is in doubt is not held twice by the next one", () => {
    const desk = new Desk();
    desk.call(100, UNKNOWN, { object: "pi_1" });
    desk.call(100, shows("pi_1", 100, "final"), { object: "pi_1" });
    expect(desk.standing()).toBe("100 settled, 0 held");
  });

  test("whose first call is in doubt stays held while the next one stands on it, also when the doubt ends in a no", () => {
    const desk = new Desk();
    desk.call(100, UNKNOWN, { object: "pi_1", key: "k" });
    const standsOnIt = desk.send(100, { object: "pi_1" });
    desk.call(100, replay(NO), { object: "pi_1", key: "k" });
    expect(desk.standing()).toBe("0 settled, 100 held");
    desk.answer(standsOnIt, shows("pi_1", 100, "final"));
    expect(desk.standing()).toBe("100 settled, 0 held");
  });

  test("is counted in full by the call that made it, also when another call has met it paid meanwhile", () => {
    for (const view of [shows("pi_1", 100, "final"), shows("pi_1", 0)]) {
      const desk = new Desk();
      const made = desk.send(100);
      const met = desk.send(0, { object: "pi_1", movedBefore: 100 });
      desk.answer(made, view);
      expect(desk.budget().settled).toBe(usd(100));
      desk.answer(met, NO);
      desk.look(shows("pi_1", 100, "final"));
      expect(desk.standing()).toBe("100 settled, 0 held");
    }
  });

  test("that has come to its end is not opened again by a late, older view of it", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 0));
    const slow = desk.send(40, { object: "pi_1" });
    desk.look(shows("pi_1", 25, "final"));
    desk.answer(slow, shows("pi_1", 10));
    expect(desk.standing()).toBe("25 settled, 0 held");
    expect(desk.state.holds.size).toBe(0);
    expect(desk.state.objects.size).toBe(0);
  });

  test("is settled by the view that shows most, in whatever order views arrive", () => {
    const desk = new Desk();
    desk.call(60, shows("pi_1", 0));
    for (const moved of [40, 10, 0, 40]) desk.look(shows("pi_1", moved));
    expect(desk.standing()).toBe("40 settled, 20 held");
  });

  test("settles its oldest hold first", () => {
    const desk = new Desk();
    const first = desk.call(40, shows("pi_1", 0));
    const second = desk.call(70, shows("pi_1", 0), { object: "pi_1" });
    desk.look(shows("pi_1", 50));
    expect(desk.hold(first)).toMatchObject({ settled: usd(40), held: 0n });
    expect(desk.hold(second)).toMatchObject({ settled: usd(10), held: usd(20) });
  });

  test("leaves the hold of a call on its way for that call's own answer", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 0));
    const raise = desk.send(70, { object: "pi_1" });
    desk.look(shows("pi_1", 40, "final"));
    expect(desk.standing()).toBe("40 settled, 30 held");
    desk.answer(raise, NO);
    expect(desk.standing()).toBe("40 settled, 0 held");
  });

  test("that this key holds nothing for changes nothing", () => {
    const desk = new Desk();
    desk.call(40, shows("pi_1", 0));
    desk.look(shows("pi_2", 1000, "final"));
    expect(desk.standing()).toBe("0 settled, 40 held");
    expect([...desk.state.objects.keys()]).toEqual(["pi_1"]);
  });

  test("of another vault key is another key's business: refunds never give budget back", () => {
    const desk = new Desk();
    desk.call(60, shows("pi_1", 60, "final"));
    desk.call(40, shows("re_1", 40, "final"), { direction: "paid_out" });
    expect(desk.standing()).toBe("100 settled, 0 held");
    desk.look(shows("re_1", 0, "final")); // the refund failed after all
    expect(desk.standing()).toBe("100 settled, 0 held");
  });
});

describe("a request that is sent again under its idempotency key", () => {
  test("is admitted on a full cap, and counts once", () => {
    const desk = new Desk();
    desk.call(100, shows("pi_1", 100, "final"), { key: "k" });
    const again = desk.call(100, replay(shows("pi_1", 100, "final")), { key: "k" });
    expect(desk.standing()).toBe("100 settled, 0 held");
    expect(desk.outcome(again)).toBe("none");
  });

  test("is refused like any other once the key is revoked, expired or too fast", () => {
    const desk = new Desk(keyOf({ rateLimit: { calls: 1, per: "minute" }, expiresAt: instant(NOON + HOUR_MS) }));
    desk.call(100, shows("pi_1", 100, "final"), { key: "k" });
    expect(desk.refusal(100, { key: "k" }).code).toBe("rate_limited");
    desk.now = instant(NOON + HOUR_MS);
    expect(desk.refusal(100, { key: "k" }).code).toBe("vault_key_expired");
    desk.revoke();
    expect(desk.refusal(100, { key: "k" }).code).toBe("vault_key_revoked");
  });

  test("settles the first call's hold when the first answer was lost", () => {
    const desk = new Desk();
    const first = desk.call(100, UNKNOWN, { key: "k" });
    desk.call(100, shows("pi_1", 70, "final"), { key: "k" });
    expect(desk.standing()).toBe("70 settled, 0 held");
    expect(desk.outcomes(first)).toEqual(["unknown", "settled"]);
  });

  test("with another body has a hold of its own, and leaves the first's alone", () => {
    const desk = new Desk();
    desk.call(60, UNKNOWN, { key: "k" });
    expect(desk.refusal(60, { key: "k", body: "other" }).code).toBe("spend_cap_exceeded");
    desk.call(40, NO, { key: "k", body: "other" });
    expect(desk.standing()).toBe("0 settled, 60 held");
    desk.send(60, { key: "k" });
    expect(desk.standing()).toBe("0 settled, 60 held");
  });

  test("has a hold of its own once the vendor may have forgotten the key", () => {
    const desk = new Desk();
    desk.call(60, shows("pi_1", 60, "final"), { key: "k" });
    desk.now = instant(NOON + 23 * HOUR_MS - 1);
    desk.call(60, replay(shows("pi_1", 60, "final")), { key: "k" });
    desk.now = instant(NOON + 23 * HOUR_MS);
    expect(desk.refusal(60, { key: "k" }).code).toBe("spend_cap_exceeded");
  });

  test("keeps the hold until the last of them is in", () => {
    const desk = new Desk();
    const first = desk.send(100, { key: "k" });
    const twin = desk.send(100, { key: "k" });
    desk.answer(first, NO); // "in use": the twin moves the money
    expect(desk.standing()).toBe("0 settled, 100 held");
    desk.answer(twin, shows("pi_1", 100, "final"));
    expect(desk.standing()).toBe("100 settled, 0 held");
    expect(desk.outcomes(first)).toEqual(["settled"]);
  });

  test("is settled once, whichever of two answers comes first", () => {
    const paid = shows("pi_1", 100, "final");
    for (const order of ["first", "twin"]) {
      for (const replayed of ["first", "twin", "none"]) {
        const desk = new Desk();
        const calls = { first: desk.send(100, { key: "k" }), twin: desk.send(100, { key: "k" }) };
        const answers = {
          first: replayed === "first" ? replay(paid) : paid,
          twin: replayed === "twin" ? replay(paid) : paid,
        };
        const names = order === "first" ? (["first", "twin"] as const) : (["twin", "first"] as const);
        for (const name of names) desk.answer(calls[name], answers[name]);
        expect([order, replayed, desk.standing()]).toEqual([order, replayed, "100 settled, 0 held"]);
        expect(desk.outcomes(calls.first)).toEqual(["settled"]);
        expect(desk.state.holds.size).toBe(0);
      }
    }
  });

  test("that overtook the first one keeps the hold of what it made, when the first is told of a replay", () => {
    for (const twinEnds of ["answered", "lost", "on its way"]) {
      const desk = new Desk();
      const first = desk.send(100, { key: "k" });
      const twin = desk.send(100, { key: "k" });
      if (twinEnds === "answered") desk.answer(twin, shows("pi_1", 0));
      if (twinEnds === "lost") desk.answer(twin, UNKNOWN);
      desk.answer(first, replay(shows("pi_1", 0)));
      expect([twinEnds, desk.standing()]).toEqual([twinEnds, "0 settled, 100 held"]);
      if (twinEnds === "on its way") desk.answer(twin, shows("pi_1", 0));
      desk.look(shows("pi_1", 100, "final"));
      expect([twinEnds, desk.standing()]).toEqual([twinEnds, "100 settled, 0 held"]);
    }
  });

  test("stays in doubt when only its twin was refused: the lost one may still have arrived", () => {
    const desk = new Desk();
    const first = desk.send(100, { key: "k" });
    const twin = desk.send(100, { key: "k" });
    desk.answer(first, UNKNOWN);
    desk.answer(twin, NO);
    expect(desk.standing()).toBe("0 settled, 100 held");
    desk.answer(desk.send(100, { key: "k" }), UNKNOWN, { notSent: true });
    expect(desk.standing()).toBe("0 settled, 100 held");
  });

  test("and refused with the stored answer ends the doubt about the first", () => {
    const desk = new Desk();
    desk.call(100, UNKNOWN, { key: "k" });
    desk.call(100, replay(NO), { key: "k" });
    expect(desk.standing()).toBe("0 settled, 0 held");
  });

  test.each([
    ["its own answer", (desk: Desk) => void desk.call(60, NO, { key: "k" })],
    [
      "its twin's answer",
      (desk: Desk) => {
        const [first, twin] = [desk.send(60, { key: "k" }), desk.send(60, { key: "k" })];
        desk.answer(first, NO);
        desk.answer(twin, NO);
      },
    ],
    [
      "a later fact",
      (desk: Desk) => {
        const lost = desk.hold(desk.call(60, UNKNOWN, { key: "k" }));
        if (lost !== undefined) desk.correct(lost, 0);
      },
    ],
    [
      "a later fact about a call that had been settled",
      (desk: Desk) => {
        const call = desk.send(60, { key: "k" });
        const hold = { ...(desk.hold(call) ?? expect.fail()) };
        desk.answer(call, shows("pi_0", 60, "final"));
        desk.correct({ ...hold, held: usd(0), settled: usd(60), inFlight: 0, ended: "settled" }, 0);
      },
    ],
  ])("is held again when the first was released by %s", (_, release) => {
    const desk = new Desk();
    release(desk);
    expect(desk.standing()).toBe("0 settled, 0 held");
    const again = desk.send(60, { key: "k" });
    expect(desk.standing()).toBe("0 settled, 60 held");
    desk.answer(again, shows("pi_1", 60, "final"));
    expect(desk.standing()).toBe("60 settled, 0 held");
  });

  test("is admitted on a full cap also when what it made was cancelled since: the vendor has answered it, and remembers", () => {
    const desk = new Desk();
    desk.call(60, shows("pi_1", 0), { key: "k" });
    desk.look(shows("pi_1", 0, "final"));
    desk.send(100);
    const again = desk.call(60, replay(shows("pi_1", 0)), { key: "k" });
    expect([desk.outcome(again), desk.standing()]).toEqual(["none", "0 settled, 100 held"]);
  });

  test("ends the doubt about a lost one with its answer", () => {
    const desk = new Desk(keyOf({ onDecline: "release" }));
    desk.call(60, UNKNOWN, { key: "k" });
    desk.call(60, shows("pi_1", 0), { key: "k" });
    desk.call(60, shows("pi_1", 0, "declined"), { object: "pi_1" });
    expect(desk.standing()).toBe("0 settled, 0 held");
  });

  test("costs nothing when the vendor knows the key and this vault key does not", () => {
    const desk = new Desk();
    const call = desk.call(60, replay(shows("pi_1", 60, "final")), { key: "k" });
    expect(desk.standing()).toBe("0 settled, 0 held");
    expect(desk.outcomes(call)).toEqual(["released"]);
  });

  test("is forgotten in time: the oldest keys go, and their replays are held and released", () => {
    const desk = new Desk(keyOf({ caps: [capOf({ limit: usd(1_000_000) })] }));
    for (let n = 0; n <= IDEMPOTENCY_USES_MAX; n++) desk.call(1, shows(`pi_${n}`, 1, "final"), { key: `k${n}` });
    expect(desk.state.idempotency.size).toBe(IDEMPOTENCY_USES_MAX + 1 - IDEMPOTENCY_USES_FORGOTTEN);
    expect(desk.state.idempotency.has("k0")).toBe(false);
    const before = desk.standing();
    const again = desk.send(1, { key: "k0" });
    expect(desk.hold(again)?.held).toBe(usd(1));
    desk.answer(again, replay(shows("pi_0", 1, "final")));
    expect(desk.standing()).toBe(before);
  });
});

describe("a cap", () => {
  test("is refused with its numbers", () => {
    const desk = new Desk(keyOf({ caps: [capOf({ window: "day", limit: usd(50) })] }));
    desk.call(20, shows("pi_1", 20, "final"));
    desk.send(25);
    expect(desk.refusal(5.000001)).toEqual({
      code: "spend_cap_exceeded",
      message:
        "The call can move $5.000001, and the day cap of $50.00 has $5.00 left ($20.00 settled, $25.00 held). It resets at 2026-11-25T00:00:00.000Z.",
      facts: {
        window: "day",
        limit_usd: "50",
        settled_usd: "20",
        held_usd: "25",
        asked_usd: "5.000001",
        remaining_usd: "5",
        resets_at: "2026-11-25T00:00:00.000Z",
      },
    });
  });

  test("must have room in every budget that counts the direction", () => {
    const day = capOf({ id: asBudgetId("day"), window: "day", limit: usd(30), directions: ["collected"] });
    const desk = new Desk(keyOf({ caps: [capOf(), day] }));
    expect(desk.refusal(31).facts).toMatchObject({ window: "day" });
    desk.send(100, { direction: "paid_out" });
    expect(desk.refusal(1).facts).toMatchObject({ window: "total" });
    expect([desk.standing(0), desk.standing(1)]).toEqual(["0 settled, 100 held", "0 settled, 0 held"]);
  });

  test("that counts no such direction refuses it, also when nothing is asked", () => {
    const desk = new Desk(keyOf({ caps: [capOf({ directions: ["collected"] })] }));
    for (const dollars of [0, 1])
      expect(desk.refusal(dollars, { direction: "paid_out" })).toMatchObject({
        code: "spend_cap_exceeded",
        message: expect.stringContaining('"paid_out"'),
      });
  });

  test("is missing only where the issuer said so", () => {
    expect(new Desk(keyOf({ caps: [] })).refusal(1).code).toBe("spend_cap_exceeded");
    const desk = new Desk(keyOf({ caps: [], uncapped: true }));
    const call = desk.send(1_000_000);
    expect(desk.hold(call)).toMatchObject({ held: usd(1_000_000), slots: [] });
  });

  test("of a single call counts the whole of it, whatever is held already", () => {
    const desk = new Desk(keyOf({ perCallCap: usd(50) }));
    desk.call(50, shows("pi_1", 0));
    expect(desk.refusal(50.000001, { object: "pi_1" })).toMatchObject({
      code: "per_call_cap_exceeded",
      facts: { limit_usd: "50", asked_usd: "50.000001" },
    });
  });

  test("that is raised has room at once; one that is lowered below what is used has none, and no balance moves", () => {
    const desk = new Desk();
    desk.send(100);
    desk.patch({ caps: [capOf({ limit: usd(101) })] });
    desk.send(1);
    desk.patch({ caps: [capOf({ limit: usd(10) })], perCallCap: usd(5) });
    expect(desk.refusal(0.01).code).toBe("spend_cap_exceeded");
    expect(desk.refusal(6).code).toBe("per_call_cap_exceeded");
    expect(desk.standing()).toBe("0 settled, 101 held");
    expect(desk.budget().remaining).toBe(0n);
  });
});

describe("a key", () => {
  test("that was revoked admits nothing, not even a read, and its first revocation stands", () => {
    const desk = new Desk();
    const call = desk.send(10);
    desk.revoke();
    desk.now = instant(NOON + 1000);
    desk.revoke();
    expect(desk.state.key.revokedAt).toBe(NOON);
    expect(desk.refusal(1)).toMatchObject({
      code: "vault_key_revoked",
      message: expect.stringContaining("12:00:00.000Z"),
    });
    expect(desk.admit({ kind: "nothing" }).admission.kind).toBe("refused");
    desk.answer(call, shows("pi_1", 10, "final")); // what was on its way still ends
    expect(desk.standing()).toBe("10 settled, 0 held");
  });

  test("expires on the millisecond, and lives on when it is extended", () => {
    const desk = new Desk(keyOf({ expiresAt: instant(NOON + 1000) }));
    desk.now = instant(NOON + 999);
    desk.send(1);
    desk.now = instant(NOON + 1000);
    expect(desk.refusal(1).code).toBe("vault_key_expired");
    desk.patch({ expiresAt: instant(NOON + 1001) });
    desk.send(1);
  });

  test("may make so many calls a window, reads and replays included, refused ones not", () => {
    const desk = new Desk(keyOf({ rateLimit: { calls: 3, per: "minute" } }));
    desk.now = instant(NOON + 18_500);
    desk.refusal(1000);
    desk.sendFree();
    desk.call(1, NO, { key: "k" });
    desk.send(1, { key: "k" });
    expect(desk.refusal(1)).toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: 42,
      facts: { limit_calls: 3, per: "minute" },
    });
    desk.now = instant(NOON + 59_999);
    expect(desk.refusal(1)).toMatchObject({ retryAfterSeconds: 1 });
    desk.now = instant(NOON + 60_000);
    desk.send(1);
  });
});

describe("a window", () => {
  const day = keyOf({ caps: [capOf({ window: "day", timeZone: "Europe/Berlin" })] });

  test("that begins is empty, at the midnight of its own zone", () => {
    const desk = new Desk(day, time("2026-11-24T22:59:59.999Z"));
    desk.call(60, shows("pi_1", 60, "final"));
    desk.send(40);
    expect(desk.refusal(1).facts).toMatchObject({ resets_at: "2026-11-24T23:00:00.000Z" });
    desk.now = time("2026-11-24T23:00:00.000Z");
    expect(desk.standing()).toBe("0 settled, 0 held");
    desk.send(100);
    expect(desk.standing()).toBe("0 settled, 100 held");
  });

  test("is where the settlement of its holds counts, and the new one is not touched", () => {
    const desk = new Desk(day);
    const old = desk.send(60);
    desk.now = instant(NOON + DAY_MS);
    desk.send(30);
    desk.answer(old, shows("pi_1", 60, "final"));
    expect(desk.standing()).toBe("0 settled, 30 held");
  });

  test("keeps the hold of its own calls on an object that lives longer", () => {
    const desk = new Desk(day);
    desk.call(40, shows("pi_1", 0));
    desk.now = instant(NOON + DAY_MS);
    desk.call(70, shows("pi_1", 0), { object: "pi_1" });
    expect(desk.standing()).toBe("0 settled, 30 held");
    desk.look(shows("pi_1", 60, "final"));
    expect(desk.standing()).toBe("20 settled, 0 held");
  });

  test("does not come back when the clock does", () => {
    const desk = new Desk(day);
    desk.now = instant(NOON + DAY_MS);
    desk.send(100);
    desk.now = NOON;
    expect(desk.refusal(1).code).toBe("spend_cap_exceeded");
  });
});

describe("a correction", () => {
  test("settles what was unknown and releases the rest", () => {
    const desk = new Desk();
    const call = desk.call(60, UNKNOWN);
    desk.correct(desk.hold(call) ?? expect.fail(), 25);
    expect(desk.standing()).toBe("25 settled, 0 held");
    expect(desk.outcomes(call)).toEqual(["unknown", "settled"]);
    expect(desk.hold(call)).toBeUndefined();
  });

  test("that is not the last word leaves the rest held", () => {
    const desk = new Desk();
    const call = desk.call(60, UNKNOWN);
    desk.correct(desk.hold(call) ?? expect.fail(), 25, { final: false });
    expect(desk.standing()).toBe("25 settled, 35 held");
    expect(desk.outcomes(call)).toEqual(["unknown", "held"]);
  });

  test("says what was found of the object, and later facts start from there", () => {
    const desk = new Desk();
    const call = desk.call(60, UNKNOWN);
    const object = { id: "pi_1", moved: usd(25), final: false };
    desk.correct(desk.hold(call) ?? expect.fail(), 25, { final: false, object });
    desk.look(shows("pi_1", 40, "final"));
    expect(desk.standing()).toBe("40 settled, 0 held");
  });

  test("books more than was held", () => {
    const desk = new Desk();
    desk.correct(desk.hold(desk.call(60, UNKNOWN)) ?? expect.fail(), 150);
    expect(desk.standing()).toBe("150 settled, 0 held");
  });

  test("of what has ended moves its cost up and down, in the window of the hold, and never opens it again", () => {
    const desk = new Desk(keyOf({ caps: [capOf({ window: "day" })] }));
    const call = desk.send(60);
    const ended = { ...(desk.hold(call) ?? expect.fail()), held: usd(0), inFlight: 0, ended: "settled" as const };
    desk.answer(call, shows("pi_1", 60, "final"));
    desk.correct({ ...ended, settled: usd(60) }, 70, { final: false });
    expect(desk.standing()).toBe("70 settled, 0 held");
    desk.correct({ ...ended, settled: usd(70) }, 20, { final: false });
    expect(desk.standing()).toBe("20 settled, 0 held");
    expect(desk.outcomes(call)).toEqual(["settled", "settled", "settled"]);
    desk.now = instant(NOON + DAY_MS);
    desk.send(5);
    desk.correct({ ...ended, settled: usd(20) }, 0);
    expect(desk.standing()).toBe("0 settled, 5 held");
  });

  test("has to wait for the call's own answer", () => {
    const desk = new Desk();
    const hold = desk.hold(desk.send(60)) ?? expect.fail();
    const correction = { settled: usd(0), final: true, object: null, evidence: { source: "operator", note: "" } };
    expect(() => correct(desk.state.key, hold, correction, NOON)).toThrow(InvariantViolation);
  });
});

test("nothing is left behind when everything has ended", () => {
  const desk = new Desk();
  desk.call(10, shows("pi_1", 10, "final"));
  desk.call(10, NO, { object: "pi_2" });
  desk.look(shows("pi_3", 5));
  desk.answer(desk.sendFree(), NO);
  const { holds, objects, calls } = desk.state;
  expect([holds.size, objects.size, calls.size]).toEqual([0, 0, 0]);
  expect(stateText(desk.rebuilt)).toBe(stateText(desk.state));
});
