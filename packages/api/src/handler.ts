/** What a route's handler is given and gives back. Types only, but for the turns that keep changes of one thing apart. */
import type {
  Credential,
  CredentialId,
  Instant,
  KeyId,
  PriceCard,
  PriceSource,
  RateTable,
  Store,
  VaultKey,
  Vendor,
} from "@keybrake/core";
import type { Caller, Locksmith } from "./caller.ts";
import type { Contract, PathParameters, RouteName } from "./contract.ts";
import type { Problem } from "./problem.ts";

/** Flat, without bodies, tokens and secrets. */
export interface ApiEvent {
  readonly level: "info" | "warn" | "error";
  /** Stable, for programs. */
  readonly event: string;
  readonly [fact: string]: string | number | null | readonly string[];
}

/** Prices and exchange rates in use. */
export interface PriceBook {
  /** A vendor's file before its built-in card. */
  cards(): readonly { readonly vendor: string; readonly from: PriceSource; readonly card: PriceCard }[];
  rates(): {
    readonly table: RateTable;
    readonly from: "file" | "feed" | "built_in";
    /** When the feed was last read; null: not since the start. */
    readonly fetchedAt: Instant | null;
  };
  /** Reads the files again, forgets what vendors said of their prices, asks the feed. With a bad file nothing changes. */
  refresh(): Promise<
    | { readonly kind: "bad_files"; readonly problems: readonly string[] }
    | {
        readonly kind: "refreshed";
        readonly files: number;
        readonly livePricesForgotten: number;
        readonly feed:
          | { readonly kind: "off" | "updated" | "unchanged" }
          | { readonly kind: "failed"; readonly why: string };
      }
  >;
}

export interface ApiDependencies {
  readonly store: Store;
  readonly vendors: readonly Vendor[];
  readonly vault: { seal(secret: string, credential: Pick<Credential, "id" | "vendor" | "sandbox">): Uint8Array };
  readonly version: string;
  /** The next call with this credential reads its secret again. */
  readonly forgetCredential: (id: CredentialId) => void;
  /** Turns away calls of this key that were admitted but have not left, waits a little for those that have, and counts the latter. */
  readonly drainKey: (id: KeyId) => Promise<number>;
  readonly prices: PriceBook;
  readonly newId: (prefix: "key" | "cred" | "api") => string;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Lower-case hex. */
  readonly sha256: (text: string) => string;
  /** Wall clock in milliseconds, to measure with. What is recorded and judged follows the store's clock, which never goes back. */
  readonly now: () => number;
  /** This Keybrake's public address. */
  readonly baseUrl: () => string;
  /** The admin key from the settings. */
  readonly bootstrapApiKey: string | null;
  readonly log: (event: ApiEvent) => void;
}

export interface ApiContext extends ApiDependencies, Locksmith {
  readonly inTurn: Turns;
}

/** Who a handler deals with: checked before it is called. */
type Who<Name extends RouteName> = Name extends "getSelf"
  ? VaultKey
  : Name extends "getHealth" | "getReadiness" | "getOpenApi"
    ? null
    : Caller;

interface Call<Name extends RouteName> {
  readonly who: Who<Name>;
  readonly path: PathParameters<Name>;
  readonly query: Contract[Name]["parsedQuery"];
  readonly body: Contract[Name]["parsedBody"];
}

type Answered<Name extends RouteName> = Contract[Name]["answer"] | Problem;
type Handler<Name extends RouteName> = (
  call: Call<Name>,
  context: ApiContext,
) => Answered<Name> | Promise<Answered<Name>>;

/** The handlers of some routes. */
export type Handlers<Names extends RouteName = RouteName> = { readonly [Name in Names]: Handler<Name> };

/** Runs pieces of work one after the other where they have the same name. */
export type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/**
 * What reads, decides and then writes must not meet itself half-way: two changes of one key's caps would each write back what
 * they had read, and the second would undo the first. One process owns the data, so turns within it are enough.
 */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = last.get(name);
    const mine = (async () => {
      // Whoever was before has told its own caller what went wrong.
      await before?.catch(() => {});
      return work();
    })();
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
}
