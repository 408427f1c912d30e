// Everything that exists at the fake Resend: one team. What waits for its time is sent as soon as anybody looks after it has come.

import type { Json } from "../shared/json.ts";
import type { Random } from "../shared/random.ts";
import type { Mail } from "./mail.ts";
import { mailsOf } from "./mail.ts";
import { Shelf } from "./shelf.ts";
import type { Mailing, MailsSent, Origin, Pending } from "./truth.ts";
import { Truth } from "./truth.ts";

export interface Email extends Mail {
  readonly id: string;
  readonly createdAt: number;
  sendAt: number | null;
  state: "sent" | "scheduled" | "cancelled";
  pending: Pending | null;
}

export interface Broadcast {
  readonly id: string;
  readonly createdAt: number;
  name: string;
  segmentId: string;
  from: string;
  subject: string;
  html: string | null;
  text: string | null;
  status: "draft" | "scheduled" | "sent";
  sendAt: number | null;
  sentAt: number | null;
  pending: Pending | null;
  /** The contacts it went to. */
  recipients: readonly Contact[];
}

export interface Segment {
  readonly id: string;
  readonly createdAt: number;
  name: string;
}

export interface Contact {
  readonly id: string;
  readonly createdAt: number;
  readonly email: string;
  firstName: string;
  lastName: string;
  unsubscribed: boolean;
  readonly segments: Set<string>;
}

export interface Domain {
  readonly id: string;
  readonly createdAt: number;
  readonly name: string;
  readonly region: string;
  status: "not_started" | "verified";
}

export interface ApiKey {
  readonly id: string;
  readonly createdAt: number;
  name: string;
  readonly token: string;
  readonly permission: "full_access" | "sending_access";
}

export interface Webhook {
  readonly id: string;
  readonly createdAt: number;
  endpoint: string;
  events: readonly Json[];
  signingSecret: string;
}

/** A mailbox and what is in it: drafts of its own, and threads of received mails. */
export interface Inbox {
  readonly id: string;
  readonly createdAt: number;
  readonly emailAddress: string;
  name: string;
  readonly drafts: Shelf<Draft>;
  readonly threads: Shelf<Thread>;
}

export interface Draft {
  readonly id: string;
  readonly createdAt: number;
  to: readonly string[];
  cc: readonly string[];
  bcc: readonly string[];
  subject: string;
  text: string | null;
  emailId: string | null;
}

interface Thread {
  readonly id: string;
  readonly createdAt: number;
  readonly emails: Shelf<Received>;
}

export interface Received {
  readonly id: string;
  readonly createdAt: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
}

/** One request and its answer, as GET /logs has them. */
export interface Log {
  readonly id: string;
  readonly createdAt: number;
  readonly endpoint: string;
  readonly method: string;
  readonly status: number;
  readonly userAgent: string | null;
  readonly requestBody: Json;
  readonly responseBody: Json;
}

export interface WorldOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: Random;
  readonly objectsMax: number;
  readonly mailingsMax: number;
  /** Mails leave only from domains that were added and verified, as at Resend. */
  readonly verifyDomains: boolean;
  readonly gullible: boolean;
}

const LOGS_MAX = 1000;

export class World {
  readonly options: WorldOptions;
  readonly emails: Shelf<Email>;
  readonly broadcasts: Shelf<Broadcast>;
  readonly segments: Shelf<Segment>;
  readonly contacts: Shelf<Contact>;
  readonly domains: Shelf<Domain>;
  readonly apiKeys: Shelf<ApiKey>;
  readonly webhooks: Shelf<Webhook>;
  readonly inboxes: Shelf<Inbox>;
  readonly logs: Shelf<Log> = new Shelf<Log>("Log", LOGS_MAX);
  readonly truth: Truth;
  readonly #scheduled = new Set<Email | Broadcast>();
  readonly #contactsByEmail = new Map<string, Contact>();

  constructor(options: WorldOptions) {
    this.options = options;
    const max = options.objectsMax;
    this.truth = new Truth(options.mailingsMax);
    this.emails = new Shelf<Email>("Email", max);
    this.broadcasts = new Shelf<Broadcast>("Broadcast", max);
    this.segments = new Shelf<Segment>("Segment", max);
    this.contacts = new Shelf<Contact>("Contact", max);
    this.domains = new Shelf<Domain>("Domain", max);
    this.apiKeys = new Shelf<ApiKey>("API key", max);
    this.webhooks = new Shelf<Webhook>("Webhook", max);
    this.inboxes = new Shelf<Inbox>("Inbox", max);
  }

  now(): number {
    return this.options.now();
  }

  /** In the form of a UUID, which all of Resend's ids have. */
  newId(): string {
    let hex = "";
    while (hex.length < 32)
      hex += Math.floor(this.options.random.next() * 0x1_0000)
        .toString(16)
        .padStart(4, "0");
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join(
      "-",
    );
  }

  secret(prefix: string, length: number): string {
    return `${prefix}${this.options.random.text(length)}`;
  }

  /** Accepts an email: it is sent now, or waits for its time. */
  accept(mail: Mail, kind: Mailing["kind"], origin: Origin): Email {
    const email: Email = { ...mail, id: this.newId(), createdAt: this.now(), state: "sent", pending: null };
    const mailing = { ...origin, kind, objectId: email.id, mails: mailsOf(mail), at: email.createdAt };
    if (mail.sendAt === null) this.truth.sent(mailing);
    else {
      email.state = "scheduled";
      email.pending = this.truth.scheduled(mailing);
      this.#scheduled.add(email);
    }
    return this.emails.add(email);
  }

  /** Whose turn it is at a broadcast: the contacts of its segment that have not unsubscribed. */
  audienceOf(broadcast: Broadcast): readonly Contact[] {
    return [...this.contacts.all()].filter((each) => each.segments.has(broadcast.segmentId) && !each.unsubscribed);
  }

  send(broadcast: Broadcast, sendAt: number | null, origin: Origin): void {
    const recipients = this.audienceOf(broadcast);
    const facts = { objectId: broadcast.id, mails: recipients.length, at: this.now() };
    const mailing = { ...origin, kind: "broadcast", ...facts } as const;
    if (sendAt === null) {
      this.truth.sent(mailing);
      this.#gone(broadcast, recipients, facts.at);
      return;
    }
    broadcast.status = "scheduled";
    broadcast.sendAt = sendAt;
    broadcast.pending = this.truth.scheduled(mailing);
    this.#scheduled.add(broadcast);
  }

  /** Takes back what waits for its time; false when it does not wait (any more). */
  cancel(thing: Email | Broadcast): boolean {
    this.sendWhatIsDue();
    if (!this.#scheduled.delete(thing)) return false;
    thing.pending?.cancelled();
    thing.pending = null;
    return true;
  }

  sendWhatIsDue(): void {
    const now = this.now();
    for (const thing of this.#scheduled) {
      if (thing.sendAt === null || thing.sendAt > now) continue;
      this.#scheduled.delete(thing);
      if ("segmentId" in thing) {
        const recipients = this.audienceOf(thing);
        thing.pending?.sent(recipients.length);
        this.#gone(thing, recipients, thing.sendAt);
      } else {
        thing.pending?.sent(mailsOf(thing));
        thing.state = "sent";
      }
      thing.pending = null;
    }
  }

  #gone(broadcast: Broadcast, recipients: readonly Contact[], at: number): void {
    broadcast.status = "sent";
    broadcast.sentAt = at;
    broadcast.recipients = recipients;
  }

  mailsSent(): MailsSent {
    return this.truth.read(this.mailsScheduled());
  }

  mailsScheduled(): number {
    this.sendWhatIsDue();
    let scheduled = 0;
    for (const thing of this.#scheduled) {
      scheduled += "segmentId" in thing ? this.audienceOf(thing).length : mailsOf(thing);
    }
    return scheduled;
  }

  addContact(contact: Contact): void {
    this.contacts.add(contact);
    this.#contactsByEmail.set(contact.email.toLowerCase(), contact);
  }

  removeContact(contact: Contact): void {
    this.contacts.delete(contact.id);
    this.#contactsByEmail.delete(contact.email.toLowerCase());
  }

  /** By id or by email address. */
  findContact(identifier: string): Contact | undefined {
    return this.contacts.find(identifier) ?? this.#contactsByEmail.get(identifier.toLowerCase());
  }
}

/** "2023-04-03 22:13:42.674+00" */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ").replace("Z", "+00");
}
