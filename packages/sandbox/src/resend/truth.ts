// What Resend would bill, kept apart from the objects that answers are made of: tests compare the product's ledger with this. A
// mail counts once for each recipient (resend.com/docs/knowledge-base/account-quotas-and-limits: "Multiple To, CC, or BCC recipients
// in sent emails count as separate emails"). Totals are exact for ever; the details are bounded and say so when not whole.

/** The request that made an object. `order` counts the requests that the sandbox has received, from 1. */
export interface Origin {
  readonly order: number;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
}

/** Mails that one accepted email or broadcast brings about. */
export interface Mailing extends Origin {
  readonly kind: "email" | "batch" | "broadcast" | "inbox";
  /** The email or broadcast. */
  readonly objectId: string;
  /** How many mails are billed: its recipients. Of a broadcast, those of its segment when it is sent; until then, when it was scheduled. */
  readonly mails: number;
  /** `scheduled` will be billed unless it is cancelled. */
  readonly state: "sent" | "scheduled" | "cancelled";
  /** Milliseconds since the epoch, by the sandbox's clock: when it was accepted. */
  readonly at: number;
}

export interface MailsSent {
  /** Mails that went out. */
  readonly sent: number;
  /** Mails that will go out unless they are cancelled. */
  readonly scheduled: number;
  /** In the order of the requests. A batch has one for each of its emails. */
  readonly mailings: readonly Mailing[];
  /** The sum over what each request brought about, by the request's order; what was cancelled is not counted. */
  readonly mailsByOrder: ReadonlyMap<number, number>;
  /** False when details were dropped for the sake of a limit; the totals are exact even then. */
  readonly whole: boolean;
}

/** A mailing that waits for its time; its object holds on to it. */
export interface Pending {
  sent(mails: number): void;
  cancelled(): void;
}

type Mutable = { -readonly [field in keyof Mailing]: Mailing[field] };

export class Truth {
  readonly #max: number;
  readonly #mailings: Mutable[] = [];
  readonly #byOrder = new Map<number, number>();
  #sent = 0;
  #dropped = false;

  constructor(max: number) {
    this.#max = max;
  }

  sent(mailing: Omit<Mailing, "state">): void {
    this.#sent += mailing.mails;
    this.#keep({ ...mailing, state: "sent" });
  }

  scheduled(mailing: Omit<Mailing, "state">): Pending {
    const kept: Mutable = { ...mailing, state: "scheduled" };
    this.#keep(kept);
    return {
      sent: (mails) => {
        this.#count(kept.order, mails - kept.mails);
        kept.state = "sent";
        kept.mails = mails;
        this.#sent += mails;
      },
      cancelled: () => {
        this.#count(kept.order, -kept.mails);
        kept.state = "cancelled";
      },
    };
  }

  get totalSent(): number {
    return this.#sent;
  }

  /** What the request in that place brought about, without what was cancelled since. */
  mailsBy(order: number): number {
    return this.#byOrder.get(order) ?? 0;
  }

  /** Copies everything that is kept. */
  read(scheduled: number): MailsSent {
    return {
      sent: this.#sent,
      scheduled,
      mailings: this.#mailings.map((mailing) => ({ ...mailing })),
      mailsByOrder: new Map(this.#byOrder),
      whole: !this.#dropped,
    };
  }

  #keep(mailing: Mutable): void {
    this.#count(mailing.order, mailing.mails);
    if (this.#mailings.length < this.#max) this.#mailings.push(mailing);
    else this.#dropped = true;
  }

  #count(order: number, mails: number): void {
    this.#byOrder.set(order, (this.#byOrder.get(order) ?? 0) + mails);
    if (this.#byOrder.size <= this.#max) return;
    for (const oldest of this.#byOrder.keys()) {
      this.#byOrder.delete(oldest);
      break;
    }
  }
}
