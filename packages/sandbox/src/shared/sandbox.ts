// What every sandbox offers to tests, whatever vendor it plays.

import type { RecordedRequest } from "./journal.ts";
import type { MisbehaviourRule } from "./misbehaviour.ts";

export interface SandboxOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly secretKey?: string;
  /** Milliseconds since the epoch, by the sandbox's clock. */
  readonly now?: () => number;
  /** The same seed gives the same ids and the same misfortunes. Without one, the clock is the seed. */
  readonly seed?: number;
  /** Fault rules from the start. */
  readonly failures?: readonly MisbehaviourRule[];
  /** false: none; a number: the latest so many; true (the default): the latest 20,000. */
  readonly recordRequests?: boolean | number;
  /** Compress for clients that accept gzip. Default false. */
  readonly compress?: boolean;
  /** Believe X-HTTP-Method-Override, and whatever else a careful vendor would refuse to read. */
  readonly gullible?: boolean;
  /** Serve `/_sandbox/*`. Default true. */
  readonly controlPlane?: boolean;
}

export interface Sandbox extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly secretKey: string;
  journal(): readonly RecordedRequest[];
  clearJournal(): void;
  /** How many requests have arrived, recorded or not. */
  requestCount(): number;
  /** Adds a fault rule; the returned function takes it away again. */
  misbehave(rule: MisbehaviourRule): () => void;
  clearMisbehaviour(): void;
  /** Called for every request as soon as it has arrived. A promise that it returns holds the request back: a gate. */
  onRequest(listener: (request: RecordedRequest) => void | Promise<void>): () => void;
  /** Forgets everything: objects, money, keys, rules, journal. */
  reset(): void;
  close(): Promise<void>;
}
