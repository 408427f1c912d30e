import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, test } from "vitest";
import { clusterLengths } from "./clusters.ts";
import { countSegments, segmentsAtMost } from "./segments.ts";
import { randomBody, seeded } from "./segments.test-support.ts";

/** Replayed by KEYBRAKE_TEST_SEED=<seed>; printed when something fails. The product tests compare a million bodies. */
const SEED = Number(process.env["KEYBRAKE_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const BODIES = 50_000;

const count = (text: string): string => {
  const { encoding, segments, units } = countSegments(text);
  return `${encoding}, ${segments} of ${units}`;
};

describe("parts of a message", () => {
  test.each([
    ["an empty body is one part", "", "GSM-7, 1 of 0"],
    ["160 letters fit one part", "a".repeat(160), "GSM-7, 1 of 160"],
    ["161 do not", "a".repeat(161), "GSM-7, 2 of 161"],
    ["two parts hold 306", "a".repeat(306), "GSM-7, 2 of 306"],
    ["and no more", "a".repeat(307), "GSM-7, 3 of 307"],
    ["the longest body that Twilio takes", "a".repeat(1600), "GSM-7, 11 of 1600"],
    ["a longer one is counted all the same", "a".repeat(16_000), "GSM-7, 105 of 16000"],
    ["accents of the default alphabet", "é".repeat(160), "GSM-7, 1 of 160"],
    ["upper-case c with cedilla is GSM-7", "Ç".repeat(160), "GSM-7, 1 of 160"],
    ["lower-case is not", "ç", "UCS-2, 1 of 1"],
    ["nor is the grave accent", "`", "UCS-2, 1 of 1"],
    ["nor a tab", "\t", "UCS-2, 1 of 1"],
    ["a euro takes two septets", "€".repeat(80), "GSM-7, 1 of 160"],
    ["the 81st begins a part", "€".repeat(81), "GSM-7, 2 of 162"],
    ["an escape does not straddle two parts", `${"a".repeat(152)}€${"a".repeat(152)}`, "GSM-7, 3 of 306"],
    ["80 line ends of two characters fit", "\r\n".repeat(80), "GSM-7, 1 of 160"],
    ["81 do not", "\r\n".repeat(81), "GSM-7, 2 of 162"],
    ["a line end in UCS-2 may straddle", `${"ê".repeat(66)}\r\n${"ê".repeat(66)}`, "UCS-2, 2 of 134"],
    ["one curly quote turns all into UCS-2", `${"a".repeat(70)}’`, "UCS-2, 2 of 71"],
    ["extension characters take one unit in UCS-2", `ê${"€".repeat(69)}`, "UCS-2, 1 of 70"],
    ["35 emoji fit one part", "😀".repeat(35), "UCS-2, 1 of 70"],
    ["36 do not", "😀".repeat(36), "UCS-2, 2 of 72"],
    ["a surrogate pair does not straddle", `${"ê".repeat(66)}😀${"ê".repeat(66)}`, "UCS-2, 3 of 134"],
    ["a family does not straddle", `${"ê".repeat(60)}👨‍👩‍👧‍👦${"ê".repeat(60)}`, "UCS-2, 3 of 131"],
    ["half a surrogate pair is a unit", "\ud83d".repeat(70), "UCS-2, 1 of 70"],
  ])("%s", (_, body, expected) => {
    expect(count(body)).toBe(expected);
  });

  test(`${BODIES} random bodies are counted as Twilio's calculator counts them`, () => {
    const random = seeded(SEED);
    for (let index = 0; index < BODIES; index += 1) {
      const body = randomBody(random);
      const theirs = new SegmentedMessage(body);
      const bits = theirs.encodingName === "GSM-7" ? 7 : 16;
      const expected = `${theirs.encodingName}, ${theirs.segmentsCount} of ${theirs.messageSize / bits}`;
      if (count(body) !== expected)
        expect.fail(`seed ${SEED}: ${JSON.stringify(body)} is ${expected}, not ${count(body)}`);
    }
  });
});

describe("parts at most", () => {
  test("a letter under a thousand accents is one cluster to the calculator, and many parts to the network", () => {
    const body = `a${"\u0301".repeat(1000)}`;
    expect(countSegments(body).segments).toBe(2);
    expect(segmentsAtMost(body)).toBe(15);
  });

  test("is never less than the calculator's count, nor than what the units need", () => {
    const random = seeded(SEED);
    for (let index = 0; index < BODIES; index += 1) {
      const body = randomBody(random);
      const { segments, units, encoding } = countSegments(body);
      const needed = encoding === "GSM-7" ? (units <= 160 ? 1 : units / 153) : units <= 70 ? 1 : units / 67;
      if (segmentsAtMost(body) < Math.max(segments, needed)) expect.fail(`seed ${SEED}: ${JSON.stringify(body)}`);
    }
  });
});

test("the clusters of a text are all of it", () => {
  const random = seeded(SEED);
  for (let index = 0; index < 5_000; index += 1) {
    const body = randomBody(random);
    const total = [...clusterLengths(body)].reduce((sum, length) => sum + length, 0);
    if (total !== body.length) expect.fail(`seed ${SEED}: ${JSON.stringify(body)}`);
  }
});
