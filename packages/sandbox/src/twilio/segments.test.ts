// The auditor's own count against points that were checked with Twilio's calculator (facts of 2026-11), and against it.

import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../shared/random.ts";
import { countSegments, smartEncode } from "./segments.ts";

describe("how many parts", () => {
  test.each([
    ["nothing", "", 1],
    ["160 of GSM-7", "a".repeat(160), 1],
    ["161 of GSM-7", "a".repeat(161), 2],
    ["306 of GSM-7", "a".repeat(306), 2],
    ["307 of GSM-7", "a".repeat(307), 3],
    ["an escape pair does not straddle", `${"a".repeat(152)}€${"a".repeat(152)}`, 3],
    ["a surrogate pair does not straddle", `${"ê".repeat(66)}😀${"ê".repeat(66)}`, 3],
    ["160 of e acute, which is GSM-7", "é".repeat(160), 1],
    ["71 of c cedilla, which is not", "ç".repeat(71), 2],
    ["160 of C cedilla, which is", "Ç".repeat(160), 1],
    ["80 euros", "€".repeat(80), 1],
    ["81 euros", "€".repeat(81), 2],
    ["35 emoji", "😀".repeat(35), 1],
    ["36 emoji", "😀".repeat(36), 2],
    ["80 line ends", "\r\n".repeat(80), 1],
    ["81 line ends", "\r\n".repeat(81), 2],
    ["one curly quote among 71", `${"a".repeat(70)}\u2019`, 2],
  ])("%s", (_name, body, count) => {
    expect(countSegments(body).count).toBe(count);
  });

  test("smart encoding brings a curly quote back to GSM-7", () => {
    expect(countSegments(smartEncode(`${"a".repeat(159)}\u2019`))).toEqual({ encoding: "GSM-7", count: 1 });
  });

  test("the same as Twilio's calculator, where a letter is one code point", () => {
    const random = seededRandom(20_261_125, 1);
    const alphabets = ["abc @£é\n", "ab€^{}\\[~]|", "êabc", "ê😀", "😀", "ж‘“—"].map((letters) => Array.from(letters));
    for (let round = 0; round < 800; round += 1) {
      const letters = alphabets[Math.floor(random.next() * alphabets.length)] ?? [];
      const length = Math.floor(random.next() * 500);
      const body = Array.from({ length }, () => letters[Math.floor(random.next() * letters.length)] ?? "").join("");
      expect([body, countSegments(body).count]).toEqual([body, Math.max(1, new SegmentedMessage(body).segmentsCount)]);
    }
  });
});
