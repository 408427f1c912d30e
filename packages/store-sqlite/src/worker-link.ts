/**
 * Questions and answers between the main thread and a worker: a typed call by name over postMessage. Answers come back in the
 * order in which the worker gives them. Knows nothing of stores.
 */
import { parentPort, Worker } from "node:worker_threads";
import { Fault, invariant } from "@keybrake/core";

/** What a worker can be asked: names to functions of one argument. */
export type Calls = { readonly [name: string]: (argument: never) => unknown };
type Argument<Function> = Function extends (argument: infer A) => unknown ? A : never;
type Answer<Function> = Function extends (argument: never) => infer R ? Awaited<R> : never;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

type Reply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly problem: Problem }
  | { readonly news: unknown };

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (problem: Fault) => void;
}

export class WorkerLink<Api, News> {
  readonly #worker: Worker;
  readonly #waiting: Map<number, Waiting> = new Map();
  #lastId = 0;
  #gone: Fault | null = null;

  /** `onDeath` is told once, when the worker ends without having been asked to. */
  constructor(
    entry: URL,
    options: {
      readonly name: string;
      readonly data: unknown;
      readonly onNews: (news: News) => void;
      readonly onDeath: (problem: Fault) => void;
    },
  ) {
    this.#worker = new Worker(entry, { name: options.name, workerData: options.data });
    this.#worker.on("message", (reply: Reply) => {
      if ("news" in reply) return options.onNews(reply.news as News); // the worker's side sends nothing else: serve<News>
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ("problem" in reply) waiting?.reject(new Fault(reply.problem.code, reply.problem.message));
      else waiting?.resolve(reply.answer);
    });
    const died = (cause: unknown): void => {
      if (this.#gone !== null) return;
      this.#lose(new Fault("store_unavailable", `The store's ${options.name} thread has ended.`, { cause }));
      options.onDeath(this.#gone ?? new Fault("store_unavailable", "The store is closed."));
    };
    this.#worker.on("error", died);
    this.#worker.on("exit", died);
  }

  call<Name extends keyof Api & string>(name: Name, argument: Argument<Api[Name]>): Promise<Answer<Api[Name]>> {
    if (this.#gone !== null) return Promise.reject(this.#gone);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      // The answer is what the worker's function of this name returned: both sides are typed by the same `Api`.
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      const question: Question = { id, name, argument };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      this.#worker.postMessage(question);
    });
  }

  /** Ends the worker; whoever still waits for an answer gets a fault. */
  async terminate(): Promise<void> {
    this.#lose(new Fault("store_unavailable", "The store is closed."));
    await this.#worker.terminate();
  }

  #lose(fault: Fault): void {
    this.#gone ??= fault;
    for (const waiting of this.#waiting.values()) waiting.reject(fault);
    this.#waiting.clear();
  }
}

/** The worker's side. Returns the function that sends news to the main thread. */
export function serve(handlers: Calls): (news: unknown) => void {
  const port = parentPort;
  invariant(port !== null, "this file runs as a worker");
  const reply = (message: Reply): void => port.postMessage(message);
  port.on("message", (question: Question) => {
    const handler = handlers[question.name] as ((argument: unknown) => unknown) | undefined;
    const failed = (problem: unknown): void => reply({ id: question.id, problem: problemOf(problem) });
    try {
      invariant(handler !== undefined, `no worker function is called ${question.name}`);
      const answer = handler(question.argument);
      if (answer instanceof Promise) answer.then((value: unknown) => reply({ id: question.id, answer: value }), failed);
      else reply({ id: question.id, answer });
    } catch (problem) {
      failed(problem);
    }
  });
  return (news) => reply({ news });
}

function problemOf(problem: unknown): Problem {
  if (problem instanceof Fault) return { code: problem.code, message: problem.publicMessage };
  return { code: "store_unavailable", message: problem instanceof Error ? problem.message : String(problem) };
}
