// What arrived, byte for byte and in order. Bounded by count and by bytes; the oldest leave first.

export interface RecordedRequest {
  /** The request's place among all that arrived, from 1; also counted while nothing is recorded. */
  readonly order: number;
  readonly method: string;
  /** As it stood on the request line, with the query. */
  readonly path: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Milliseconds since the epoch, by the sandbox's clock. */
  readonly receivedAt: number;
  /** Milliseconds on the process's monotonic clock. */
  readonly receivedAtMonotonicMs: number;
}

/** The first value of a header, whatever its case. */
export function headerOf(request: Pick<RecordedRequest, "rawHeaders">, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i]?.toLowerCase() === wanted) return request.rawHeaders[i + 1];
  }
  return undefined;
}

const BYTES_MAX = 128 * 1024 * 1024;

export class Journal {
  readonly #max: number;
  #requests: RecordedRequest[] = [];
  #first = 0;
  #bytes = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(request: RecordedRequest): void {
    if (this.#max === 0) return;
    this.#requests.push(request);
    this.#bytes += request.body.length;
    while (this.#requests.length - this.#first > this.#max || this.#bytes > BYTES_MAX) {
      this.#bytes -= this.#requests[this.#first]?.body.length ?? 0;
      this.#first += 1;
    }
    if (this.#first <= this.#max) return;
    this.#requests = this.#requests.slice(this.#first);
    this.#first = 0;
  }

  requests(): readonly RecordedRequest[] {
    return this.#requests.slice(this.#first);
  }

  clear(): void {
    this.#requests = [];
    this.#first = 0;
    this.#bytes = 0;
  }
}
