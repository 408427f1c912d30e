/**
 * The parts of a text message, a million times: what Keybrake counts and what Twilio's own calculator counts must never differ, because
 * the parts are what is billed.
 */
import { SegmentedMessage } from "sms-segments-calculator";
import { expect, test } from "vitest";
import { countSegments } from "../packages/vendors/src/twilio/segments.ts";
import { randomBody, seeded } from "../packages/vendors/src/twilio/segments.test-support.ts";

const BODIES = 1_000_000;
/** Replayed by KEYBRAKE_TEST_SEED=<seed>. */
const SEED = Number(process.env["KEYBRAKE_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** The calculator takes about a tenth of a millisecond a body; a slow machine may take ten times as long. */
const TIMEOUT_MS = 1_200_000;

test(
  `${BODIES.toLocaleString("en")} random bodies: same encoding, same parts, same units`,
  () => {
    const random = seeded(SEED);
    const counted = new Map<string, number>();
    for (let index = 0; index < BODIES; index += 1) {
      const body = randomBody(random);
      const { encoding, segments, units } = countSegments(body);
      const theirs = new SegmentedMessage(body);
      const theirUnits = theirs.messageSize / (theirs.encodingName === "GSM-7" ? 7 : 16);
      if (encoding !== theirs.encodingName || segments !== theirs.segmentsCount || units !== theirUnits) {
        expect.fail(
          `seed ${SEED}, body ${index}: ${JSON.stringify(body)} is ${segments} of ${units} in ${encoding}, ` +
            `and the calculator says ${theirs.segmentsCount} of ${theirUnits} in ${theirs.encodingName}`,
        );
      }
      const kind = `${encoding}, ${Math.min(segments, 4)}`;
      counted.set(kind, (counted.get(kind) ?? 0) + 1);
    }
    console.log(
      `segments: ${BODIES} bodies, 0 differences, seed ${SEED}, by encoding and parts:`,
      Object.fromEntries(counted),
    );
    // The comparison means something only when every kind was there: one part, several, many, in both encodings.
    for (const encoding of ["GSM-7", "UCS-2"]) {
      for (const parts of [1, 2, 3, 4])
        expect(counted.get(`${encoding}, ${parts}`), `seed ${SEED}`).toBeGreaterThan(1_000);
    }
  },
  TIMEOUT_MS,
);
