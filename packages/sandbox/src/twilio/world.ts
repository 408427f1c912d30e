// The sandbox's state: accounts and what they own. Handlers change a world; nothing else does. It reads no clock and no
// randomness of its own: both are passed in, so that a seed and a clock replay a run.

import type { JsonObject } from "../shared/json.ts";
import type { Random } from "../shared/random.ts";
import { DueQueue } from "../shared/due.ts";
import type { Params } from "./params.ts";
import type { Call, Conference, Participant, Recording } from "./resources/calls.ts";
import type { Message } from "./resources/messages.ts";
import type { PhoneNumber } from "./resources/numbers.ts";
import type { Attempt, Verification, VerifyService } from "./resources/verify.ts";
import { Truth, type Origin } from "./truth.ts";

export interface Account {
  readonly sid: string;
  readonly authToken: string;
  /** The parent's SID; its own where it is nobody's sub-account. */
  readonly owner: string;
  readonly createdAt: number;
  friendlyName: string;
  status: "active" | "suspended" | "closed";
  updatedAt: number;
}

export interface ApiKey {
  readonly sid: string;
  readonly account: string;
  readonly secret: string;
  readonly friendlyName: string;
  readonly createdAt: number;
}

/** Whatever a product only stores, lists and gives back. */
export interface PlainThing {
  readonly sid: string;
  readonly account: string;
  /** The thing it belongs to, or "". */
  readonly parent: string;
  readonly createdAt: number;
  readonly fields: JsonObject;
}

/** One request as a handler sees it. */
export interface Ask {
  readonly world: World;
  readonly account: Account;
  readonly params: Params;
  readonly origin: Origin;
  /** "api", "verify", ...: which product's host it would have been. */
  readonly host: string;
  /** At that host, as it was asked for. */
  readonly path: string;
  readonly query: string;
}

export interface Reply {
  readonly status: number;
  /** null: no content. */
  readonly body: JsonObject | null;
  /** What XML calls it. */
  readonly element: string;
}

export type Handler = (ask: Ask, ids: readonly string[]) => Reply;

interface Owned {
  readonly sid: string;
  readonly account: string;
}

/** All things of one kind, in the order they were made. Bounded: the oldest leave first. */
export class Shelf<T extends Owned> {
  readonly #things = new Map<string, T>();
  readonly #groups = new Map<string, Set<T>>();
  readonly #max: number;
  readonly #groupOf: (thing: T) => string;

  /** Things are found by `groupOf` without a walk over all: by their parent, their name, their receiver. */
  constructor(max: number, groupOf: (thing: T) => string = () => "") {
    this.#max = max;
    this.#groupOf = groupOf;
  }

  add(thing: T): T {
    this.#things.set(thing.sid, thing);
    const name = this.#groupName(thing.account, this.#groupOf(thing));
    const group = this.#groups.get(name) ?? new Set<T>();
    this.#groups.set(name, group.add(thing));
    if (this.#things.size > this.#max) {
      for (const oldest of this.#things.keys()) {
        this.delete(oldest);
        break;
      }
    }
    return thing;
  }

  /** Another account's thing is not there. */
  find(account: string, sid: string): T | undefined {
    const thing = this.#things.get(sid);
    return thing?.account === account ? thing : undefined;
  }

  /** Whoever owns it. */
  any(sid: string): T | undefined {
    return this.#things.get(sid);
  }

  delete(sid: string): void {
    const thing = this.#things.get(sid);
    if (thing === undefined) return;
    this.#things.delete(sid);
    const name = this.#groupName(thing.account, this.#groupOf(thing));
    const group = this.#groups.get(name);
    group?.delete(thing);
    if (group?.size === 0) this.#groups.delete(name);
  }

  newestFirst(account: string): T[] {
    const own: T[] = [];
    for (const thing of this.#things.values()) if (thing.account === account) own.push(thing);
    return own.reverse();
  }

  /** An account's things of one group, the newest first. */
  group(account: string, group: string): T[] {
    return [...(this.#groups.get(this.#groupName(account, group)) ?? [])].reverse();
  }

  #groupName(account: string, group: string): string {
    return `${account}\n${group}`;
  }
}

export interface WorldOptions {
  readonly now: () => number;
  readonly ids: Random;
  /** A stream of its own: which carrier, how long a call lasts. */
  readonly fate: Random;
  readonly accountSid: string;
  readonly authToken: string;
  readonly priceDelayMs: number;
  readonly carrierFees: boolean;
  /** TwiML by the URL or application SID that a call names. What is not here is silence. */
  readonly documents: Readonly<Record<string, string>>;
  readonly objectsMax: number;
  readonly billsMax: number;
}

export class World {
  readonly options: WorldOptions;
  readonly truth: Truth;
  readonly due: DueQueue = new DueQueue();
  readonly accounts: Map<string, Account> = new Map<string, Account>();
  readonly keys: Map<string, ApiKey> = new Map<string, ApiKey>();
  readonly messages: Shelf<Message>;
  readonly calls: Shelf<Call>;
  readonly conferences: Shelf<Conference>;
  readonly participants: Shelf<Participant>;
  readonly recordings: Shelf<Recording>;
  readonly numbers: Shelf<PhoneNumber>;
  readonly verifyServices: Shelf<VerifyService>;
  readonly verifications: Shelf<Verification>;
  readonly attempts: Shelf<Attempt>;
  readonly messagingServices: Shelf<PlainThing>;
  readonly executions: Shelf<PlainThing>;
  readonly conversations: Shelf<PlainThing>;
  readonly conversationParticipants: Shelf<PlainThing>;
  readonly conversationMessages: Shelf<PlainThing>;

  constructor(options: WorldOptions) {
    this.options = options;
    this.truth = new Truth(options.billsMax);
    const max = options.objectsMax;
    const parent = (thing: PlainThing): string => thing.parent;
    this.messages = new Shelf(max);
    this.calls = new Shelf(max);
    this.conferences = new Shelf(max, (conference) => conference.friendlyName);
    this.participants = new Shelf(max, (participant) => participant.conference);
    this.recordings = new Shelf(max, (recording) => recording.call);
    this.numbers = new Shelf(max, (number) => number.number);
    this.verifyServices = new Shelf(max);
    this.verifications = new Shelf(max, (verification) => verification.to);
    this.attempts = new Shelf(max);
    this.messagingServices = new Shelf(max, parent);
    this.executions = new Shelf(max, parent);
    this.conversations = new Shelf(max, parent);
    this.conversationParticipants = new Shelf(max, parent);
    this.conversationMessages = new Shelf(max, parent);
    this.openAccount(options.accountSid, options.authToken, options.accountSid, "Keybrake sandbox");
  }

  now(): number {
    return this.options.now();
  }

  /** Everything that the clock has made due. */
  tick(): void {
    this.due.run(this.now());
  }

  newSid(prefix: string): string {
    return `${prefix}${hex(this.options.ids, 32)}`;
  }

  newSecret(): string {
    return hex(this.options.ids, 32);
  }

  openAccount(sid: string, authToken: string, owner: string, friendlyName: string): Account {
    const at = this.now();
    const account: Account = { sid, authToken, owner, friendlyName, status: "active", createdAt: at, updatedAt: at };
    this.accounts.set(sid, account);
    return account;
  }

  /** One of them, by the seed. */
  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.options.fate.next() * choices.length)] ?? choices[0];
  }

  /** A whole number of the range, by the seed. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.options.fate.next() * (max - min + 1));
  }
}

export function hex(random: Random, length: number): string {
  let out = "";
  while (out.length < length) {
    out += Math.floor(random.next() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
  }
  return out.slice(0, length);
}
