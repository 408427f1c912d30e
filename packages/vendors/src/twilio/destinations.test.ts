import { describe, expect, test } from "vitest";
import { ALL_COUNTRIES, destinationOf, nameOf } from "./destinations.ts";

const told = (number: string): string => {
  const destination = destinationOf(number);
  return destination === null ? "nowhere" : `${destination.isos.join("|")} by ${destination.prefix}`;
};

describe("a number is billed in", () => {
  test.each([
    ["the United States", "+14155552671", "US by 1415"],
    ["Alaska, which has a prefix of its own", "+19075551234", "US by 1907"],
    ["Canada", "+16045551234", "CA by 1604"],
    ["Canada, non-geographic", "+16005551234", "CA by 1600"],
    ["Puerto Rico", "+17875551234", "PR by 1787"],
    ["Guam", "+16715551234", "GU by 1671"],
    ["Jamaica, second code", "+16585551234", "JM by 1658"],
    ["the Dominican Republic", "+18495551234", "DO by 1849"],
    ["Sint Maarten", "+17215551234", "SX by 1721"],
    ["an area code of 2025", "+12575551234", "CA by 1257"],
    ["Russia", "+79161234567", "RU by 79"],
    ["Kazakhstan", "+77011234567", "KZ by 77"],
    ["Baikonur, one or the other", "+73362212345", "KZ|RU by 73362"],
    ["the United Kingdom", "+447400123456", "GB by 44"],
    ["Jersey", "+441534123456", "JE by 441534"],
    ["Guernsey, mobile", "+447781123456", "GG by 447781"],
    ["the Isle of Man, mobile", "+447624123456", "IM by 447624"],
    ["a British mobile prefix with blocks of Jersey", "+447700312345", "GB|JE by 447700"],
    ["Italy", "+390612345678", "IT by 39"],
    ["the Vatican, or Rome around it", "+390669812345", "IT|VA by 3906698"],
    ["Curaçao", "+59991234567", "CW by 5999"],
    ["Bonaire", "+5997123456", "BQ by 5997"],
    ["Réunion", "+262692123456", "RE by 262692"],
    ["Mayotte", "+262639123456", "YT by 262639"],
    ["one of the two", "+262976123456", "RE|YT by 262"],
    ["Guadeloupe, or the islands that share its numbers", "+590690123456", "BL|GP|MF by 590"],
    ["Svalbard, or Norway", "+4779021234", "NO|SJ by 4779"],
    ["Åland", "+35818123456", "AX by 35818"],
    ["Christmas Island", "+61891641234", "CX by 6189164"],
    ["the Cocos Islands", "+61891621234", "CC by 6189162"],
    ["Australia", "+61412345678", "AU by 61"],
    ["Western Sahara, or Morocco", "+212528812345", "EH|MA by 2125288"],
    ["Palestine by Israel's code", "+972591234567", "IL|PS by 97259"],
    ["Kosovo", "+38344123456", "XK by 383"],
    ["a short number", "+6834002", "NU by 683"],
    ["the longest number there can be", "+491234567890123", "DE by 49"],
  ])("%s", (_, number, expected) => {
    expect(told(number)).toBe(expected);
  });

  test("any country of the plan, when it is toll-free or premium", () => {
    const all = destinationOf("+18005551234");
    expect(all?.prefix).toBe("1800");
    expect(all?.isos).toHaveLength(25);
    expect(all?.isos).toEqual(expect.arrayContaining(["US", "CA", "JM", "PR"]));
    expect(destinationOf("+19005551234")?.isos).toEqual(all?.isos);
  });
});

describe("a number is billed nowhere that we know when", () => {
  test.each([
    ["its area code is not assigned", "+12115551234"],
    ["its area code is no area code", "+10235551234"],
    ["it is a number of the carriers themselves", "+17005551234"],
    ["it is too long for +1", "+141555526711"],
    ["it is too short for +1", "+1415555267"],
    ["its country code is not assigned", "+2101234567"],
    ["its country code is assigned and not used", "+379061234567"],
    ["only a part of its country code is used", "+5991234567"],
    ["it is a satellite's", "+881612345678"],
    ["it is of an international network", "+883510012345"],
    ["it has no plus", "14155552671"],
    ["it has a space", "+1 4155552671"],
    ["it is a channel's address", "whatsapp:+14155552671"],
    ["it is a short code", "+12345"],
    ["it has sixteen digits", "+4912345678901234"],
    ["it begins with nought", "+04155552671"],
    ["its digits are not those of ASCII", "+1415555267١"],
    ["a line follows it", "+14155552671\n"],
    ["it is empty", ""],
  ])("%s", (_, number) => {
    expect(told(number)).toBe("nowhere");
  });
});

describe("the table", () => {
  /** NANPA, area codes in service in the United States and Canada and elsewhere: a change of these is a change of the plan. */
  test("has every area code in service once", () => {
    const byCountry = new Map<string, number>();
    for (let code = 200; code < 1000; code += 1) {
      const isos = destinationOf(`+1${code}5551234`)?.isos ?? [];
      if (isos.length === 1) byCountry.set(isos.join(), (byCountry.get(isos.join()) ?? 0) + 1);
    }
    expect(byCountry.get("US")).toBe(363);
    expect(byCountry.get("CA")).toBe(59);
    expect(byCountry.size).toBe(25);
    expect([...byCountry.values()].reduce((sum, count) => sum + count, 0)).toBe(449);
  });

  test("tells every two-letter code in capitals", () => {
    for (let digits = 10; digits < 1_000; digits += 1) {
      for (const iso of destinationOf(`+${digits}1234567`)?.isos ?? []) expect(iso).toMatch(/^[A-Z]{2}$/);
    }
  });
});

describe("in words, a number is", () => {
  test.each([
    ["+33612345678", "France"],
    ["+14155552671", "the United States"],
    ["+447911123456", "the United Kingdom or Guernsey"],
    ["+18005551234", "a toll-free number of +1"],
    ["+18885551234", "a toll-free number of +1"],
    ["+19005551234", "a premium-rate number of +1"],
    ["+15005550006", "a personal number of +1"],
  ])("%s of %s", (e164, expected) => {
    const destination = destinationOf(e164);
    expect(destination === null ? null : nameOf(destination)).toBe(expected);
  });

  test("of one of all the countries that there are, each once", () => {
    expect(new Set(ALL_COUNTRIES).size).toBe(ALL_COUNTRIES.length);
    expect(ALL_COUNTRIES).toEqual(expect.arrayContaining(["AC", "FR", "GG", "PR", "US", "XK"]));
  });
});
