// How an answer leaves, whole or spoilt. Knows no vendor's objects, only which headers its answers always have.

import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Answer, FakeVendor } from "./vendor.ts";

type Letterhead = Pick<FakeVendor, "requestIdHeader" | "everyAnswer">;

export class Delivery {
  readonly #letterhead: Letterhead;

  constructor(letterhead: Letterhead) {
    this.#letterhead = letterhead;
  }

  deliver(response: ServerResponse, answer: Answer, gzip: boolean): void {
    const body = gzip ? gzipSync(answer.body) : answer.body;
    if (response.destroyed) return;
    response.writeHead(answer.status, this.#headersOf(answer, body.length, gzip));
    response.end(body);
  }

  /** Chunked, in two pieces, cut in the middle of the first place where `secret` stands. */
  deliverSplit(response: ServerResponse, answer: Answer, gzip: boolean, secret: string): void {
    const body = gzip ? gzipSync(answer.body) : answer.body;
    if (response.destroyed) return;
    const at = gzip ? -1 : body.indexOf(secret);
    const cut = at < 0 ? Math.floor(body.length / 2) : at + Math.floor(secret.length / 2);
    response.writeHead(answer.status, this.#headersOf(answer, null, gzip));
    // The second piece waits for the first to be handed to the kernel, so that they arrive as two chunks.
    response.write(body.subarray(0, cut), () => setImmediate(() => response.end(body.subarray(cut))));
  }

  /** Promises the whole body, sends half of it, and closes. */
  truncate(response: ServerResponse, answer: Answer, gzip: boolean): void {
    const body = gzip ? gzipSync(answer.body) : answer.body;
    if (response.destroyed) return;
    response.writeHead(answer.status, this.#headersOf(answer, body.length, gzip));
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroySoon());
  }

  badGateway(response: ServerResponse, requestId: string): void {
    const body = Buffer.from(
      "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n",
    );
    if (response.destroyed) return;
    const headers = ["Server", "nginx", "Content-Type", "text/html", "Content-Length", String(body.length)];
    response.writeHead(502, [...headers, this.#letterhead.requestIdHeader, requestId]);
    response.end(body);
  }

  #headersOf(answer: Answer, length: number | null, gzip: boolean): string[] {
    const { requestIdHeader, everyAnswer } = this.#letterhead;
    const headers = ["Content-Type", answer.contentType ?? "application/json"];
    if (length !== null) headers.push("Content-Length", String(length));
    headers.push(...everyAnswer, requestIdHeader, answer.requestId);
    if (gzip) headers.push("Content-Encoding", "gzip");
    for (const text of answer.headers) headers.push(text);
    return headers;
  }
}

/** A TCP reset: the client sees ECONNRESET. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** 200, application/json, and nothing that anybody can read. */
export function garbage(answer: Answer): Answer {
  return {
    status: 200,
    headers: answer.headers,
    requestId: answer.requestId,
    body: Buffer.from('{"id": "3f\u0000, "object": "thing", \u001f'),
  };
}
