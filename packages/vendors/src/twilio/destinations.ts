// Where a telephone number is billed: by its longest known prefix. Twilio prices a message and a call by the country of the
// number, and +1 alone is 25 countries, so area codes are here in full. Where digits cannot tell countries apart, all of them
// are answered, and the dearest counts. What nobody has assigned is answered by null: no price, no call.

export interface Destination {
  /**
   * ISO 3166-1 alpha-2 codes of every country that the number may be in, at least one; and two codes of common use that ISO does
   * not assign, for places with calling codes of their own: AC (Ascension) and XK (Kosovo).
   */
  readonly isos: readonly string[];
  /** The digits that told, without the plus: "1415", "44", "447781". */
  readonly prefix: string;
}

/**
 * The countries of a number in E.164 form, or null: not in that form, or of a code that is not assigned, or that belongs to no
 * country (satellites and international networks).
 *
 * @example destinationOf("+14155552671") // { isos: ["US"], prefix: "1415" }
 */
export function destinationOf(e164: string): Destination | null {
  if (!E_164.test(e164)) return null;
  const digits = e164.slice(1);
  // Ten digits after +1, always: anything else is no number of the North American plan.
  if (digits.startsWith("1") && digits.length !== 11) return null;
  for (let length = Math.min(LONGEST_PREFIX, digits.length); length > 0; length -= 1) {
    const prefix = digits.slice(0, length);
    const isos = COUNTRIES_BY_PREFIX.get(prefix);
    if (isos !== undefined) return { isos, prefix };
  }
  return null;
}

/** At most 15 digits (ITU-T E.164, 6.1); no number that can be called from abroad has fewer than 7. */
const E_164 = /^\+[1-9]\d{6,14}$/;

/**
 * Country calling codes of ITU-T E.164, as libphonenumber 9.0.43 has them (November 2026). Those that several
 * countries share, or that are only partly in use, are below.
 */
const CALLING_CODES = `
    EG 20, ZA 27, GR 30, NL 31, BE 32, FR 33, ES 34, HU 36, IT 39, RO 40, CH 41, AT 43, GB 44, DK 45, SE 46, NO 47, PL 48, DE 49,
    PE 51, MX 52, CU 53, AR 54, BR 55, CL 56, CO 57, VE 58, MY 60, AU 61, ID 62, PH 63, NZ 64, SG 65, TH 66, JP 81, KR 82, VN 84,
    CN 86, TR 90, IN 91, PK 92, AF 93, LK 94, MM 95, IR 98,
    SS 211, MA 212, DZ 213, TN 216, LY 218, GM 220, SN 221, MR 222, ML 223, GN 224, CI 225, BF 226, NE 227, TG 228, BJ 229,
    MU 230, LR 231, SL 232, GH 233, NG 234, TD 235, CF 236, CM 237, CV 238, ST 239, GQ 240, GA 241, CG 242, CD 243, AO 244,
    GW 245, IO 246, AC 247, SC 248, SD 249, RW 250, ET 251, SO 252, DJ 253, KE 254, TZ 255, UG 256, BI 257, MZ 258, ZM 260,
    MG 261, ZW 263, NA 264, MW 265, LS 266, BW 267, SZ 268, KM 269, SH 290, ER 291, AW 297, FO 298, GL 299,
    GI 350, PT 351, LU 352, IE 353, IS 354, AL 355, MT 356, CY 357, FI 358, BG 359, LT 370, LV 371, EE 372, MD 373, AM 374,
    BY 375, AD 376, MC 377, SM 378, UA 380, RS 381, ME 382, XK 383, HR 385, SI 386, BA 387, MK 389, CZ 420, SK 421, LI 423,
    FK 500, BZ 501, GT 502, SV 503, HN 504, NI 505, CR 506, PA 507, PM 508, HT 509, BO 591, GY 592, EC 593, GF 594, PY 595,
    MQ 596, SR 597, UY 598, TL 670, BN 673, NR 674, PG 675, TO 676, SB 677, VU 678, FJ 679, PW 680, WF 681, CK 682, NU 683,
    WS 685, KI 686, NC 687, TV 688, PF 689, TK 690, FM 691, MH 692,
    KP 850, HK 852, MO 853, KH 855, LA 856, BD 880, TW 886, MV 960, LB 961, JO 962, SY 963, IQ 964, KW 965, SA 966, YE 967,
    OM 968, PS 970, AE 971, IL 972, BH 973, QA 974, BT 975, MN 976, NP 977, TJ 992, TM 993, AZ 994, GE 995, KG 996, UZ 998`;

/**
 * Shared calling codes, and places within a country's code that are billed as another. National numbering plans as
 * libphonenumber 9.0.43 (November 2026) has them. Where blocks of a prefix are mixed, both countries stand beside it.
 */
const SHARED_CODES: readonly (readonly [isos: string, prefixes: string])[] = [
  // Russia and Kazakhstan: 76 and 77 are Kazakhstan's, Baikonur (73362) is run by both, Abkhazia uses 7840 and 7940.
  ["RU", "73 74 78 79"],
  ["KZ", "76 77"],
  ["KZ RU", "73362"],
  ["GE RU", "7840 7940"],
  // Western Sahara.
  ["EH MA", "2125288 2125289"],
  // Réunion and Mayotte.
  ["RE YT", "262"],
  ["RE", "262262 262263 262692 262693"],
  ["YT", "262269 262639"],
  // Tristan da Cunha is a part of Saint Helena to ISO, as is all of 290.
  // Åland: its landlines; its mobile network shares 457 with others.
  ["AX", "35818"],
  ["AX FI", "358457"],
  // The Vatican and San Marino within Italy.
  ["IT VA", "3906698"],
  ["IT SM", "390549"],
  // Guernsey, Jersey and the Isle of Man: whole prefixes, then those with British blocks among them.
  ["GG", "441481 447781 447839"],
  ["JE", "441534 447509 447797 447829 447937"],
  ["IM", "441624 447524 447624"],
  ["GB GG", "447911"],
  ["GB JE", "447700"],
  ["GB IM", "447457 447924"],
  // Personal numbers and IP telephony of all four.
  ["GB GG IM JE", "4456 4470"],
  // Svalbard.
  ["NO SJ", "4779"],
  // Cocos (Keeling) Islands and Christmas Island; other blocks of 618 are theirs too, among those of Western Australia.
  ["CC", "6189162"],
  ["CX", "6189164"],
  // Antarctica (Australian) and Norfolk Island; the rest of 672 is not in use.
  ["AQ NF", "6721"],
  ["NF", "6723"],
  // Guadeloupe, Saint Barthélemy and Saint Martin use one set of numbers.
  ["BL GP MF", "590"],
  // Curaçao, and Bonaire, Sint Eustatius and Saba; Sint Maarten has moved to +1 721.
  ["CW", "5999"],
  ["BQ", "5993 5994 5997"],
  // Palestinian networks are reached through Israel's code as well.
  ["IL PS", "97222 97242 97256 97259 97282 97292"],
  // Northern Cyprus.
  ["CY TR", "90392"],
];

/**
 * Area codes of +1. NANPA's list of codes in service of 30 March 2024, and those in service since as libphonenumber 9.0.43
 * (November 2026) has them: 257, 273, 738, 748, 821, 942. Who a code belongs to is the same in both.
 */
const AREA_CODES: readonly (readonly [isos: string, codes: string])[] = [
  [
    "US",
    `
    201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 225 227 228 229 231 234 235 239
    240 248 251 252 253 254 256 260 262 267 269 270 272 274 276 279 281 283 301 302 303 304 305 307 308 309 310 312
    313 314 315 316 317 318 319 320 321 323 324 325 326 327 329 330 331 332 334 336 337 339 341 346 347 350 351 352
    353 360 361 363 364 369 380 385 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 424 425 430
    432 434 435 436 440 442 443 445 447 448 458 463 464 469 470 472 475 478 479 480 484 501 502 503 504 505 507 508
    509 510 512 513 515 516 517 518 520 530 531 534 539 540 541 551 557 559 561 562 563 564 567 570 571 572 573 574
    575 580 582 585 586 601 602 603 605 606 607 608 609 610 612 614 615 616 617 618 619 620 623 624 626 628 629 630
    631 636 640 641 645 646 650 651 656 657 659 660 661 662 667 669 678 680 681 682 686 689 701 702 703 704 706 707
    708 712 713 714 715 716 717 718 719 720 724 725 726 727 728 730 731 732 734 737 738 740 743 747 748 754 757 760
    762 763 765 769 770 771 772 773 774 775 779 781 785 786 801 802 803 804 805 806 808 810 812 813 814 815 816 817
    818 820 821 826 828 830 831 832 835 838 839 840 843 845 847 848 850 854 856 857 858 859 860 861 862 863 864 865
    870 872 878 901 903 904 906 907 908 909 910 912 913 914 915 916 917 918 919 920 925 928 929 930 931 934 936 937
    938 940 941 943 945 947 948 949 951 952 954 956 959 970 971 972 973 975 978 979 980 983 984 985 986 989`,
  ],
  // United States territories, each billed as a country of its own.
  ["PR", "787 939"],
  ["VI", "340"],
  ["GU", "671"],
  ["MP", "670"],
  ["AS", "684"],
  [
    "CA",
    `
    204 226 236 249 250 257 263 273 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474 506 514
    519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942`,
  ],
  ["AG", "268"],
  ["AI", "264"],
  ["BB", "246"],
  ["BM", "441"],
  ["BS", "242"],
  ["DM", "767"],
  ["DO", "809 829 849"],
  ["GD", "473"],
  ["JM", "658 876"],
  ["KN", "869"],
  ["KY", "345"],
  ["LC", "758"],
  ["MS", "664"],
  ["SX", "721"],
  ["TC", "649"],
  ["TT", "868"],
  ["VC", "784"],
  ["VG", "284"],
  // Not geographic, but of one country: the United States government, and Canada's own.
  ["US", "710"],
  ["CA", "600 622 633"],
];

/** Toll-free, premium and personal codes belong to all countries of the plan (NANPA, easily recognizable codes). */
const AREA_CODES_OF_ALL =
  "800 833 844 855 866 877 888 900 500 521 522 523 524 525 526 527 528 529 532 533 544 566 577 588";

/** More countries than these are counted and not named. */
const NAMES_MAX = 4;
/** What the three digits after +1 say of a number that belongs to no country of the plan alone. */
const KINDS_OF_ALL: readonly (readonly [code: RegExp, kind: string])[] = [
  [/^8/, "a toll-free number"],
  [/^9/, "a premium-rate number"],
  [/^5/, "a personal number"],
];

/** In words: "France", "the United Kingdom or Guernsey", "a toll-free number of +1". */
export function nameOf({ isos, prefix }: Destination): string {
  if (isos.length <= NAMES_MAX) return isos.map(countryName).join(" or ");
  const kind = KINDS_OF_ALL.find(([code]) => prefix.startsWith("1") && code.test(prefix.slice(1)))?.[1];
  return kind === undefined ? `a number of +${prefix}, in one of ${isos.length} countries` : `${kind} of +1`;
}

/** Whether so many countries share it that a price is best asked for by its prefix. */
export function isOfMany({ isos }: Destination): boolean {
  return isos.length > NAMES_MAX;
}

const COUNTRY_NAMES = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });

/** "the United States" of "US", for the middle of a sentence. */
export function countryName(iso: string): string {
  const name = COUNTRY_NAMES.of(iso) ?? iso;
  return /^(?:United|Netherlands|Philippines)|Republic$|Islands$/.test(name) ? `the ${name}` : name;
}

const COUNTRIES_BY_PREFIX: ReadonlyMap<string, readonly string[]> = prefixes();
const LONGEST_PREFIX: number = Math.max(...[...COUNTRIES_BY_PREFIX.keys()].map((prefix) => prefix.length));

/** Every country that any number may be in, sorted. */
export const ALL_COUNTRIES: readonly string[] = [...new Set([...COUNTRIES_BY_PREFIX.values()].flat())].sort();

function prefixes(): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const entry of CALLING_CODES.split(",")) {
    const [iso = "", code = ""] = words(entry);
    found.set(code, [iso]);
  }
  for (const [isos, codes] of SHARED_CODES) {
    for (const code of words(codes)) found.set(code, words(isos));
  }
  for (const [isos, codes] of AREA_CODES) {
    for (const code of words(codes)) found.set(`1${code}`, words(isos));
  }
  const all = [...new Set(AREA_CODES.flatMap(([isos]) => words(isos)))].sort();
  for (const code of words(AREA_CODES_OF_ALL)) found.set(`1${code}`, all);
  return found;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
