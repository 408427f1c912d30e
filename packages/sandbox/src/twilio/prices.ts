// FICTITIOUS PRICES. The sandbox invents them, publishes them through its own pricing product and bills by them. They have the
// shape and the spread of a real price list (a mobile abroad costs forty times a call at home) and are nobody's prices: never
// quote one. All amounts are integer micro-USD.

export type SenderType = "local" | "toll free" | "shortcode" | "mobile";

export interface Carrier {
  readonly name: string;
  readonly mcc: string;
  readonly mnc: string;
  /** Per segment, by the kind of number it is sent from. */
  readonly sms: Readonly<Partial<Record<SenderType, bigint>>>;
}

export interface VoicePrice {
  readonly name: string;
  readonly destinations: readonly string[];
  /** Prefixes of the caller's number; "ALL" is any. */
  readonly origins: readonly string[];
  readonly perMinute: bigint;
}

export interface Country {
  readonly iso: string;
  readonly name: string;
  /** Prefixes without the plus, longest wins over all countries. */
  readonly prefixes: readonly string[];
  readonly carriers: readonly Carrier[];
  readonly inboundSms: bigint;
  /** Per message; null where there is no MMS. */
  readonly mms: bigint | null;
  /** What carriers add per segment where they do, on top of the published price; billed only with `carrierFees`. */
  readonly carrierFee: bigint;
  /** What a WhatsApp template costs beside Twilio's own fee. */
  readonly whatsappTemplate: bigint;
  readonly voice: readonly VoicePrice[];
  readonly inboundVoice: bigint;
  /** Per month. */
  readonly numbers: Readonly<Partial<Record<"local" | "mobile" | "toll free", bigint>>>;
}

const CANADA =
  "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 468 474 506 514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942";
const ELSEWHERE_IN_NANP = "242 246 264 268 284 340 345 441 473 649 664 670 671 684 721 758 767 784 809 829 849 868 869";
const TOLL_FREE: readonly string[] = ["1800", "1833", "1844", "1855", "1866", "1877", "1888"];
const EEA: readonly string[] = ["30", "31", "32", "33", "34", "39", "43", "45", "46", "49"];

const nanp = (codes: string): readonly string[] => codes.split(" ").map((code) => `1${code}`);
const all = (name: string, destinations: readonly string[], perMinute: bigint): VoicePrice => ({
  name: `Sandbox Outbound Minute - ${name}`,
  destinations,
  origins: ["ALL"],
  perMinute,
});
const fromEea = (price: VoicePrice, perMinute: bigint): VoicePrice => ({ ...price, origins: EEA, perMinute });
const carrier = (name: string, mcc: string, mnc: string, mobile: bigint): Carrier => ({
  name,
  mcc,
  mnc,
  sms: { mobile },
});

const deMobile = all("Germany - Mobile", ["4915", "4916", "4917"], 41_000n);
const frMobile = all("France - Mobile", ["336", "337"], 48_000n);
const gbMobile = all("United Kingdom - Mobile", ["447"], 37_000n);

export const COUNTRIES: readonly Country[] = [
  {
    iso: "US",
    name: "United States",
    prefixes: ["1"],
    carriers: [
      {
        name: "Sandbox Mobile A",
        mcc: "310",
        mnc: "410",
        sms: { local: 7_500n, "toll free": 7_700n, shortcode: 7_300n },
      },
      {
        name: "Sandbox Mobile B",
        mcc: "310",
        mnc: "260",
        sms: { local: 7_600n, "toll free": 7_700n, shortcode: 7_300n },
      },
      {
        name: "Sandbox Mobile C",
        mcc: "311",
        mnc: "480",
        sms: { local: 7_900n, "toll free": 7_900n, shortcode: 7_700n },
      },
    ],
    inboundSms: 7_500n,
    mms: 19_000n,
    carrierFee: 3_000n,
    whatsappTemplate: 12_000n,
    voice: [
      all("United States - Alaska", ["1907"], 87_000n),
      all("United States & Canada - Toll Free", TOLL_FREE, 12_000n),
      all("United States & Canada", ["1"], 12_500n),
    ],
    inboundVoice: 8_000n,
    numbers: { local: 1_100_000n, "toll free": 2_050_000n },
  },
  {
    iso: "CA",
    name: "Canada",
    prefixes: nanp(CANADA),
    carriers: [
      {
        name: "Sandbox North",
        mcc: "302",
        mnc: "720",
        sms: { local: 7_600n, "toll free": 7_700n, shortcode: 12_000n },
      },
      {
        name: "Sandbox Maple",
        mcc: "302",
        mnc: "610",
        sms: { local: 8_000n, "toll free": 8_100n, shortcode: 13_000n },
      },
    ],
    inboundSms: 7_500n,
    mms: 18_500n,
    carrierFee: 5_000n,
    whatsappTemplate: 12_000n,
    voice: [
      all("Canada - Northern Territories", ["1867"], 81_000n),
      all("United States & Canada", nanp(CANADA), 12_500n),
    ],
    inboundVoice: 8_000n,
    numbers: { local: 1_100_000n, "toll free": 2_050_000n },
  },
  {
    iso: "GB",
    name: "United Kingdom",
    prefixes: ["44"],
    carriers: [carrier("Sandbox Crown", "234", "10", 39_000n), carrier("Sandbox Isle", "234", "30", 43_000n)],
    inboundSms: 7_000n,
    mms: null,
    carrierFee: 0n,
    whatsappTemplate: 20_000n,
    voice: [fromEea(gbMobile, 29_000n), gbMobile, all("United Kingdom", ["44"], 15_000n)],
    inboundVoice: 9_500n,
    numbers: { local: 1_100_000n, mobile: 1_100_000n, "toll free": 2_050_000n },
  },
  {
    iso: "DE",
    name: "Germany",
    prefixes: ["49"],
    carriers: [carrier("Sandbox Rhein", "262", "01", 78_000n), carrier("Sandbox Spree", "262", "02", 88_000n)],
    inboundSms: 7_000n,
    mms: null,
    carrierFee: 0n,
    whatsappTemplate: 65_000n,
    voice: [deMobile, fromEea(deMobile, 33_000n), all("Germany", ["49"], 21_000n)],
    inboundVoice: 9_500n,
    numbers: { local: 1_450_000n, mobile: 14_500_000n },
  },
  {
    iso: "FR",
    name: "France",
    prefixes: ["33"],
    carriers: [carrier("Sandbox Seine", "208", "01", 71_000n), carrier("Sandbox Loire", "208", "10", 74_000n)],
    inboundSms: 7_000n,
    mms: null,
    carrierFee: 0n,
    whatsappTemplate: 70_000n,
    voice: [frMobile, fromEea(frMobile, 35_000n), all("France", ["33"], 19_000n)],
    inboundVoice: 9_500n,
    numbers: { local: 1_100_000n },
  },
  {
    iso: "JM",
    name: "Jamaica",
    prefixes: ["1876", "1658"],
    carriers: [
      carrier("Sandbox Blue Mountain", "338", "050", 210_000n),
      carrier("Sandbox Reef", "338", "180", 245_000n),
    ],
    inboundSms: 7_000n,
    mms: null,
    carrierFee: 0n,
    whatsappTemplate: 60_000n,
    voice: [
      all("Jamaica - Mobile", ["18763", "18764", "18765", "18768"], 420_000n),
      all("Jamaica", ["1876", "1658"], 310_000n),
    ],
    inboundVoice: 9_500n,
    numbers: {},
  },
  {
    iso: "PR",
    name: "Puerto Rico",
    prefixes: ["1787", "1939"],
    carriers: [carrier("Sandbox Coral", "330", "110", 45_000n)],
    inboundSms: 7_000n,
    mms: null,
    carrierFee: 0n,
    whatsappTemplate: 60_000n,
    voice: [all("Puerto Rico", ["1787", "1939"], 17_000n)],
    inboundVoice: 8_000n,
    numbers: { local: 1_100_000n },
  },
  {
    iso: "IN",
    name: "India",
    prefixes: ["91"],
    carriers: [carrier("Sandbox Ganga", "404", "10", 66_000n), carrier("Sandbox Deccan", "405", "840", 79_000n)],
    inboundSms: 7_000n,
    mms: null,
    carrierFee: 0n,
    whatsappTemplate: 9_000n,
    voice: [all("India", ["91"], 42_000n)],
    inboundVoice: 9_500n,
    numbers: {},
  },
  {
    iso: "BR",
    name: "Brazil",
    prefixes: ["55"],
    carriers: [carrier("Sandbox Norte", "724", "02", 52_000n), carrier("Sandbox Sul", "724", "05", 61_000n)],
    inboundSms: 7_000n,
    mms: null,
    carrierFee: 0n,
    whatsappTemplate: 58_000n,
    voice: [all("Brazil - Mobile", ["55119", "55219", "55319"], 160_000n), all("Brazil", ["55"], 46_000n)],
    inboundVoice: 9_500n,
    numbers: { local: 4_100_000n },
  },
  {
    iso: "AU",
    name: "Australia",
    prefixes: ["61"],
    carriers: [carrier("Sandbox Reefside", "505", "01", 47_000n)],
    inboundSms: 7_000n,
    mms: 110_000n,
    carrierFee: 0n,
    whatsappTemplate: 40_000n,
    voice: [all("Australia - Mobile", ["614"], 70_000n), all("Australia", ["61"], 24_000n)],
    inboundVoice: 9_500n,
    numbers: { local: 2_900_000n, mobile: 6_300_000n },
  },
];

/** Fees that no pricing product publishes, with the same warning: invented. */
export const FEES = {
  whatsappMessage: 5_000n,
  messengerMessage: 4_500n,
  failedMessage: 900n,
  clientMinute: 3_500n,
  sipMinute: 3_500n,
  recordingMinute: 2_400n,
  machineDetection: 7_000n,
  payment: 95_000n,
  verificationSuccess: 48_000n,
  verifyWhatsapp: 14_000n,
  verifyEmail: 0n,
  verifySilent: 4_800n,
} as const;

/** Of Lookup v2, by the name in `Fields`; `validation` and no field at all are free. */
export const LOOKUP_PACKAGES: Readonly<Record<string, bigint>> = {
  validation: 0n,
  caller_name: 9_500n,
  sim_swap: 9_000n,
  call_forwarding: 9_000n,
  line_status: 7_500n,
  line_type_intelligence: 7_500n,
  identity_match: 95_000n,
  reassigned_number: 19_000n,
  sms_pumping_risk: 24_000n,
  phone_number_quality_score: 9_000n,
  pre_fill: 95_000n,
};

/** Of Lookup v1, by `Type`. */
export const LOOKUP_V1_TYPES: Readonly<Record<string, bigint>> = { carrier: 4_800n, "caller-name": 9_500n };

const BY_PREFIX = new Map<string, Country | null>();
for (const prefix of nanp(ELSEWHERE_IN_NANP)) BY_PREFIX.set(prefix, null);
for (const country of COUNTRIES) for (const prefix of country.prefixes) BY_PREFIX.set(prefix, country);

/** The country of an E.164 number; undefined where the sandbox sells nothing, other islands of +1 among them. */
export function countryOf(e164: string): Country | undefined {
  const digits = e164.slice(1);
  for (let length = 4; length > 0; length -= 1) {
    const found = BY_PREFIX.get(digits.slice(0, length));
    if (found !== undefined) return found ?? undefined;
  }
  return undefined;
}

export function countryNamed(iso: string): Country | undefined {
  return COUNTRIES.find((country) => country.iso === iso.toUpperCase());
}

/** What a message from a kind of sender costs per segment on one carrier. */
export function smsPrice(one: Carrier, sender: SenderType): bigint {
  return one.sms[sender] ?? one.sms.mobile ?? one.sms.local ?? 0n;
}

/** The entries for the longest destination prefix: one for each group of origins. */
export function voicePrices(e164: string): readonly VoicePrice[] {
  const digits = e164.slice(1);
  let found: readonly VoicePrice[] = [];
  let longest = 0;
  for (const price of countryOf(e164)?.voice ?? []) {
    const length = longestPrefix(price.destinations, digits);
    if (length === 0 || length < longest) continue;
    found = length > longest ? [price] : [...found, price];
    longest = length;
  }
  return found;
}

/** Of those, the one for the caller's number: the longest origin prefix, "ALL" last. */
export function voicePrice(to: string, from: string): VoicePrice | undefined {
  const prices = voicePrices(to);
  const digits = from.startsWith("+") ? from.slice(1) : "";
  let best: VoicePrice | undefined;
  let longest = -1;
  for (const price of prices) {
    const length = longestPrefix(price.origins, digits);
    if (length === 0 && !price.origins.includes("ALL")) continue;
    if (length > longest) [best, longest] = [price, length];
  }
  return best;
}

function longestPrefix(prefixes: readonly string[], digits: string): number {
  let longest = 0;
  for (const prefix of prefixes) if (digits.startsWith(prefix)) longest = Math.max(longest, prefix.length);
  return longest;
}

export function isTollFree(e164: string): boolean {
  return TOLL_FREE.some((prefix) => e164.startsWith(`+${prefix}`));
}
