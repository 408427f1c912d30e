/**
 * Prices by the unit: the operator's files, one a vendor, and the built-in cards. Files are read whole or not at all: one mistake, and
 * the start (or the refresh) says every mistake by file and place and uses nothing of it. Which price wins is decided by the vendors'
 * estimates; here it is only said what each source says, and that a source which is too old says nothing.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  Fault,
  parsePriceCard,
  priceFrom,
  refusesPrice,
  whyNotUsable,
  type Instant,
  type PriceAnswer,
  type PriceCard,
  type PriceQuery,
  type PriceSource,
  type Vendor,
} from "@keybrake/core";

/** A hundred thousand prices, the most that a card may have, fit into a quarter of it. */
const FILE_BYTES_MAX: number = 16 * 1024 * 1024;
const ENDING = ".json";

interface ListedCard {
  readonly vendor: string;
  readonly from: PriceSource;
  readonly card: PriceCard;
}

type PriceFilesRead =
  | { readonly ok: true; readonly cards: ReadonlyMap<string, PriceCard> }
  /** Sentences, each with the file and the place in it. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface Prices {
  price(vendor: Vendor, from: PriceSource, query: PriceQuery, now: Instant): PriceAnswer;
  /** What a vendor's file says comes before what its built-in card says. */
  cards(): readonly ListedCard[];
  /** Sentences on prices that came with a file and must not be used now. */
  doubts(now: Instant): readonly string[];
  /** The files again. When one is bad, all stay as they were. */
  reload(): Promise<PriceFilesRead>;
}

/** Throws a `Fault` that says every mistake in the files. */
export async function openPrices(directory: string | null, vendors: readonly Vendor[]): Promise<Prices> {
  const first = await readPriceFiles(directory, vendors);
  if (!first.ok) throw new Fault("price_files_invalid", first.problems.join("\n"));
  let files = first.cards;

  return {
    price(vendor, from, { operation, unit, qualifiers }, now) {
      const file = files.get(vendor.id) ?? null;
      // The card is not asked about what the file says, not even where the file says that there is no price or has grown too old:
      // whoever wrote it knew better than the card.
      const cards = (from === "file" ? [file] : [file, vendor.rateCard]).filter((card) => card !== null);
      const price = priceFrom(cards, operation, unit, qualifiers);
      if (price === null) {
        if (from === "file" && file !== null && refusesPrice(file, operation, unit, qualifiers))
          return { kind: "none", why: "The price file says that it has no price.", refuses: true };
        return { kind: "none", why: absence(from, cards.length) };
      }
      const why = whyNotUsable(price, now);
      return why === null
        ? { kind: "price", price: price.each, source: price.source, asOf: price.asOf }
        : { kind: "none", why };
    },
    cards: () =>
      vendors.flatMap(({ id, rateCard }) => {
        const file = files.get(id);
        return [
          ...(file === undefined ? [] : [{ vendor: id, from: "file" as const, card: file }]),
          ...(rateCard === null ? [] : [{ vendor: id, from: "card" as const, card: rateCard }]),
        ];
      }),
    doubts: (now) =>
      [...files].flatMap(([id, { operations }]) => {
        const units = [...operations.values()].flatMap((each) => [...each.values()]);
        const why = units.map((prices) => whyNotUsable(prices, now)).filter((each) => each !== null);
        return [...new Set(why)].map((each) => `${join(directory ?? "", id + ENDING)}: ${each}`);
      }),
    async reload() {
      const read = await readPriceFiles(directory, vendors);
      if (read.ok) files = read.cards;
      return read;
    },
  };
}

function absence(from: PriceSource, cards: number): string {
  if (from === "card") return cards === 0 ? "There is no built-in price." : "No file and no built-in card has a price.";
  return cards === 0 ? "There is no price file." : "The price file has none.";
}

/** `<directory>/<vendor>.json`, each as `core/price-card.ts` says. Other files than `*.json` are nobody's. */
async function readPriceFiles(directory: string | null, vendors: readonly Vendor[]): Promise<PriceFilesRead> {
  const cards = new Map<string, PriceCard>();
  if (directory === null) return { ok: true, cards };
  const problems: string[] = [];
  let names: readonly string[] = [];
  try {
    names = await readdir(directory);
  } catch (problem) {
    problems.push(`KEYBRAKE_PRICES_DIR names ${directory}, which cannot be read (${codeOf(problem)}).`);
  }
  for (const name of names.filter((each) => each.endsWith(ENDING)).sort()) {
    const path = join(directory, name);
    const vendor = vendors.find(({ id }) => id + ENDING === name);
    if (vendor === undefined) {
      const known = vendors.map(({ id }) => id + ENDING).join(", ");
      problems.push(`${path}: Keybrake knows no vendor of this name. Files may be called: ${known}.`);
      continue;
    }
    const read = await readPriceFile(path, vendor);
    if (read.ok) cards.set(vendor.id, read.card);
    else problems.push(...read.problems.map((each) => `${path}: ${each}`));
  }
  return problems.length === 0 ? { ok: true, cards } : { ok: false, problems };
}

async function readPriceFile(path: string, vendor: Vendor): Promise<ReturnType<typeof parsePriceCard>> {
  const bad = (problem: string): ReturnType<typeof parsePriceCard> => ({ ok: false, problems: [problem] });
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > FILE_BYTES_MAX) return bad(`it has more than ${FILE_BYTES_MAX} bytes.`);
    text = await readFile(path, "utf8");
  } catch (problem) {
    return bad(`it cannot be read (${codeOf(problem)}).`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (problem) {
    return bad(`it is not JSON: ${problem instanceof Error ? problem.message : String(problem)}.`);
  }
  const read = parsePriceCard(json);
  if (!read.ok) return read;
  // A mistyped name would silently price nothing.
  const unknown = [...read.card.operations.keys()].filter((name) => vendor.operations.byName(name) === null);
  if (unknown.length === 0) return read;
  return {
    ok: false,
    problems: unknown.map(
      (name) =>
        `prices[${JSON.stringify(name)}]: ${vendor.displayName} has no operation of this name. ` +
        `GET /vault/operations?vendor=${vendor.id} has those that there are.`,
    ),
  };
}

function codeOf(problem: unknown): string {
  return problem instanceof Error && "code" in problem ? String(problem.code) : "unknown";
}
