/**
 * The main thread's side of the journal: gathers entries while a flush is being written, sends one flush at a time, tries a failed one
 * again until it is durable. Nothing that was put in is ever dropped while the process lives. Knows no ledger and no database.
 */
import { Fault, type CallAdmitted, type Instant } from "@keybrake/core";
import type { FlushText, SecretChange, Tail } from "./journal.ts";

/** One flush: beyond it the next one begins. Keeps the writer's answers prompt and the rows of the journal of a handy size. */
const FLUSH_CHARS_MAX = 1_000_000;
/** Full flushes waiting to be written, 64 MB. A disk that is this far behind is not one to promise anything on. */
const WAITING_FLUSHES_MAX = 64;
const RETRY_AFTER_MS = 1_000;

export class Flush {
  readonly position: number;
  readonly lines: string[] = [];
  readonly secrets: SecretChange[] = [];
  /** Told to nobody yet; if the first try fails, their callers are told no, and they must be released. */
  readonly admitted: CallAdmitted[] = [];
  chars = 0;
  /** What is sent; once made, nothing is added any more. */
  text: FlushText | null = null;
  readonly #tried: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #durable: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(position: number) {
    this.position = position;
    // Whoever waits hears of a failure; a flush that nobody waits for is not an unhandled rejection.
    this.#tried.promise.catch(() => {});
    this.#durable.promise.catch(() => {});
  }

  /** Rejected when the first try to write it fails. */
  get tried(): Promise<void> {
    return this.#tried.promise;
  }

  /** Rejected only when the store ends without having been able to write it. */
  get durable(): Promise<void> {
    return this.#durable.promise;
  }

  add(line: string): void {
    this.lines.push(line);
    this.chars += line.length + 1;
  }

  written(): void {
    this.#tried.resolve();
    this.#durable.resolve();
  }

  failed(fault: Fault): void {
    this.#tried.reject(fault);
  }

  lost(fault: Fault): void {
    this.#tried.reject(fault);
    this.#durable.reject(fault);
  }
}

export interface JournalQueueOptions {
  readonly tail: Tail;
  readonly now: () => Instant;
  readonly write: (flush: FlushText) => Promise<unknown>;
  readonly onDurable: (position: number) => void;
  /** The calls admitted in flushes that could not be written: they were refused, and must be released. */
  readonly onFailure: (abandoned: readonly CallAdmitted[], fault: Fault) => void;
  readonly onRecovery: () => void;
}

export class JournalQueue {
  readonly #options: JournalQueueOptions;
  /** Oldest first; the first is being written, the last may be gathering. */
  readonly #queue: Flush[] = [];
  #gathering: Flush | null = null;
  #writing = false;
  /** The write under way, when it has ended either way. */
  #settled: Promise<void> | null = null;
  #scheduled = false;
  #lastPosition: number;
  #durablePosition: number;
  #problem: Fault | null = null;
  #ended: Fault | null = null;
  #retry: NodeJS.Timeout | null = null;

  constructor(options: JournalQueueOptions) {
    this.#options = options;
    this.#lastPosition = options.tail.position;
    this.#durablePosition = options.tail.position;
  }

  get durablePosition(): number {
    return this.#durablePosition;
  }

  /** Why nothing new may be promised; null when all is well. */
  get problem(): string | null {
    if (this.#problem !== null) return this.#problem.publicMessage;
    // Full flushes wait in the queue only when the disk cannot keep up.
    return this.#queue.length > WAITING_FLUSHES_MAX ? "The journal's disk is too slow for what is written." : null;
  }

  /** The flush that takes entries now. All entries of one decision go into one flush: ask once, add all. */
  gathering(): Flush {
    if (this.#ended !== null) throw this.#ended;
    this.#schedule();
    if (this.#gathering !== null && this.#gathering.chars < FLUSH_CHARS_MAX) return this.#gathering;
    const flush = new Flush(++this.#lastPosition);
    this.#gathering = flush;
    this.#queue.push(flush);
    return flush;
  }

  /** Resolves when everything that has been taken is durable, or has met a failing journal. */
  async tried(): Promise<void> {
    await this.#queue.findLast((flush) => flush.chars > 0)?.tried.catch(() => {});
  }

  /** Resolves when this flush is durable; rejected as soon as a try to write it has failed. */
  async triedUpTo(position: number): Promise<void> {
    await this.#queue.find((flush) => flush.position >= position)?.tried;
  }

  /** Resolves when this flush, and so everything before it, is durable. */
  async durable(position: number): Promise<void> {
    await this.#queue.find((flush) => flush.position >= position)?.durable;
  }

  /** Writes what is waiting; tries a failing journal once more, then gives up. */
  async drain(): Promise<void> {
    for (;;) {
      const [next] = this.#queue;
      if (next === undefined || next.chars === 0 || this.#ended !== null) return;
      if (this.#problem === null) await next.tried.catch(() => {});
      else {
        this.#write();
        await this.#settled?.catch(() => {});
        if (this.#problem !== null) this.end(this.#problem);
      }
    }
  }

  /** Nothing is written any more. */
  end(fault: Fault): void {
    this.#ended ??= fault;
    this.#problem ??= fault;
    if (this.#retry !== null) clearTimeout(this.#retry);
    for (const flush of this.#queue.splice(0)) flush.lost(fault);
    this.#gathering = null;
  }

  /** After the input of this turn of the event loop: everything that arrived together goes into one flush. */
  #schedule(): void {
    if (this.#scheduled || this.#writing || this.#problem !== null) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#write();
    });
  }

  #write(): void {
    const [flush] = this.#queue;
    // An empty flush waits for its first entry: a decision may find that there is nothing to write.
    if (flush === undefined || flush.chars === 0 || this.#writing || this.#ended !== null) return;
    if (flush === this.#gathering) this.#gathering = null;
    if (flush.text === null) {
      flush.text = {
        position: flush.position,
        at: this.#options.now(),
        body: flush.lines.join("\n"),
        secrets: flush.secrets,
      };
      flush.lines.length = 0;
    }
    this.#writing = true;
    this.#settled = this.#options.write(flush.text).then(
      () => this.#written(flush),
      (problem: unknown) => this.#failed(problem),
    );
  }

  #written(flush: Flush): void {
    this.#writing = false;
    if (this.#ended !== null) return;
    this.#queue.shift();
    this.#durablePosition = flush.position;
    flush.written();
    if (this.#problem !== null) {
      this.#problem = null;
      this.#options.onRecovery();
    }
    this.#options.onDurable(flush.position);
    this.#write();
  }

  #failed(problem: unknown): void {
    this.#writing = false;
    if (this.#ended !== null) return;
    const sentence =
      problem instanceof Fault ? problem.publicMessage : `The journal cannot be written: ${String(problem)}.`;
    const fault = new Fault("store_unavailable", sentence, { cause: problem });
    this.#problem = fault;
    const abandoned: CallAdmitted[] = [];
    for (const flush of this.#queue) {
      flush.failed(fault);
      abandoned.push(...flush.admitted.splice(0));
    }
    this.#options.onFailure(abandoned, fault);
    // What comes after this begins a flush of its own: its callers have not been told no.
    if (this.#gathering?.chars === 0) {
      this.#queue.pop();
      this.#lastPosition -= 1;
    }
    this.#gathering = null;
    this.#retry = setTimeout(() => this.#write(), RETRY_AFTER_MS);
  }
}
