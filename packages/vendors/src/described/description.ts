/**
 * A vendor in data: what read.ts makes of one description file, and index.ts makes a vendor of. Everything in it has been checked:
 * names are unique, patterns compile, pointers parse. Only types.
 */
import type { Direction, HttpMethod, OperationClass, PriceOrigin, MicroUsd } from "@keybrake/core";

export interface Description {
  readonly id: string;
  readonly name: string;
  /** `https://api.example.com`, without a path. */
  readonly baseUrl: string;
  /** By the word that operations use for it. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly authentication: Authentication;
  readonly secret: SecretForm | null;
  readonly bodies: ReadonlySet<BodyForm>;
  /** Names that may come several times in a form or a query; everything else may not. */
  readonly lists: ReadonlySet<string>;
  readonly idempotency: Idempotency | null;
  readonly bodyBytesMax: number;
  readonly errors: Errors;
  readonly operations: readonly DescribedOperation[];
}

export type BodyForm = "json" | "form";

/** Texts in which `{secret}` and `{account}` stand for the credential's. */
export type Authentication =
  | { readonly kind: "header"; readonly name: string; readonly value: string }
  | { readonly kind: "basic"; readonly user: string; readonly password: string };

export interface SecretForm {
  /** All of the secret. */
  readonly pattern: RegExp | null;
  readonly hint: string | null;
  /** What only keys of one mode match; null where a key does not tell. */
  readonly live: RegExp | null;
  readonly test: RegExp | null;
}

export interface Idempotency {
  /** Lower-case. */
  readonly header: string;
  readonly keyCharsMax: number;
  readonly rememberedMs: number;
  /** Names of operations; null: every one but GETs. */
  readonly operations: ReadonlySet<string> | null;
  /** The header, lower-case, and its value that mark a stored answer; null: nothing marks it. */
  readonly replayed: { readonly header: string; readonly value: string } | null;
}

export interface Errors {
  /** What every error of the vendor's own has; null: any JSON object. */
  readonly own: Pointer | null;
  /** Statuses of own errors with which the vendor has surely done nothing. */
  readonly definiteNo: ReadonlySet<number>;
  readonly hidesServerErrors: boolean;
  /** JSON with `{code}`, `{message}`, `{status}` and `{call_id}` in its texts. */
  readonly refusalBody: unknown;
  /** By refusal code: statuses that this vendor's clients understand better than Keybrake's own. */
  readonly refusalStatuses: ReadonlyMap<string, number>;
}

export interface DescribedOperation {
  readonly name: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly class: OperationClass;
  readonly directions: readonly Direction[];
  readonly reason: string | null;
  readonly host: string | null;
  readonly redacts: readonly string[];
  readonly streamsBody: boolean;
  /** Roots of the parameters that were thought through; null: any. */
  readonly parameters: readonly string[] | null;
  /** Only of class money. */
  readonly cost: Cost | null;
}

export type Cost =
  /** What the vendor bills, added up. */
  | { readonly kind: "prices"; readonly prices: readonly Price[]; readonly settle: Amount | null }
  /** Money that the request names. */
  | { readonly kind: "amount"; readonly direction: Direction; readonly amount: Amount; readonly settle: Amount | null };

export interface Price {
  /** The word that price files use. */
  readonly unit: string;
  /** How many of what is counted make one unit: 1000 where the price is for a thousand. */
  readonly unitSize: bigint;
  /** Whole units are billed: one that is begun counts in whole. */
  readonly wholeUnits: boolean;
  readonly count: Measure | null;
  /** What is counted at least (one, unless the description says that nothing costs nothing), and what a request may not exceed. */
  readonly atLeast: bigint;
  readonly max: bigint | null;
  /** What the price depends on. */
  readonly by: { readonly source: Source; readonly otherwise: string | null } | null;
  /** Lower-case ISO code. Prices in US dollars stand on the rate card; others here. */
  readonly currency: string;
  /** Millionths of the currency for one unit, by qualifier ("*": any). */
  readonly list: ReadonlyMap<string, MicroUsd>;
  readonly origin: PriceOrigin;
  /** Counted again in the answer; null, or where the answer has none: what was held is what it cost. */
  readonly settle: Measure | null;
}

export interface Measure {
  readonly kind: "number" | "characters" | "bytes" | "items";
  readonly source: Source;
  /** Where there is nothing to count; null: then it cannot be known. */
  readonly otherwise: bigint | null;
}

export interface Amount {
  readonly value: Source;
  readonly currency:
    | { readonly kind: "code"; readonly code: string }
    | { readonly kind: "source"; readonly source: Source };
  /** Minor units as whole numbers, or major units with decimals. */
  readonly form: "minor" | "major";
  /** In the form of the value itself; null: none. */
  readonly max: string | null;
}

/** Where a value stands: in the parameters or the answer, or in the path. */
export type Source =
  | { readonly kind: "pointer"; readonly pointer: Pointer }
  | { readonly kind: "path"; readonly name: string };

/** RFC 6901, taken apart. A segment `*` is every element of a list. */
export interface Pointer {
  readonly text: string;
  readonly segments: readonly string[];
}
