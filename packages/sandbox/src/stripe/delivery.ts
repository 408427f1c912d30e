// How an answer leaves, whole or spoilt. Knows nothing of Stripe's objects.

import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Answer } from "./engine.ts";

function headersOf(answer: Answer, length: number | null, gzip: boolean): string[] {
  const headers = ["Server", "nginx", "Content-Type", "application/json"];
  if (length !== null) headers.push("Content-Length", String(length));
  headers.push("Cache-Control", "no-cache, no-store", "Vary", "Origin", "Request-Id", answer.requestId);
  if (gzip) headers.push("Content-Encoding", "gzip");
  for (const text of answer.headers) headers.push(text);
  return headers;
}

export function deliver(response: ServerResponse, answer: Answer, gzip: boolean): void {
  const body = gzip ? gzipSync(answer.body) : answer.body;
  if (response.destroyed) return;
  response.writeHead(answer.status, headersOf(answer, body.length, gzip));
  response.end(body);
}

/** Chunked, in two pieces, cut in the middle of the first place where `secret` stands. */
export function deliverSplit(response: ServerResponse, answer: Answer, gzip: boolean, secret: string): void {
  const body = gzip ? gzipSync(answer.body) : answer.body;
  if (response.destroyed) return;
  const at = gzip ? -1 : body.indexOf(secret);
  const cut = at < 0 ? Math.floor(body.length / 2) : at + Math.floor(secret.length / 2);
  response.writeHead(answer.status, headersOf(answer, null, gzip));
  // The second piece waits for the first to be handed to the kernel, so that they arrive as two chunks.
  response.write(body.subarray(0, cut), () => setImmediate(() => response.end(body.subarray(cut))));
}

/** Promises the whole body, sends half of it, and closes. */
export function truncate(response: ServerResponse, answer: Answer, gzip: boolean): void {
  const body = gzip ? gzipSync(answer.body) : answer.body;
  if (response.destroyed) return;
  response.writeHead(answer.status, headersOf(answer, body.length, gzip));
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroySoon());
}

/** A TCP reset: the client sees ECONNRESET. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** 200, application/json, and nothing that anybody can read. */
export function garbage(answer: Answer): Answer {
  return { ...answer, status: 200, body: Buffer.from('{"id": "pi_3\u0000, "object": "payment_intent", \u001f') };
}

export function badGateway(response: ServerResponse, requestId: string): void {
  if (response.destroyed) return;
  const body = Buffer.from(
    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n",
  );
  const headers = [
    "Server",
    "nginx",
    "Content-Type",
    "text/html",
    "Content-Length",
    String(body.length),
    "Request-Id",
    requestId,
  ];
  response.writeHead(502, headers);
  response.end(body);
}
