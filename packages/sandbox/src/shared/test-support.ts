// What the sandboxes' own tests share: a raw request over node:http, with nothing retried, followed, decoded or hidden.

import type { IncomingHttpHeaders } from "node:http";
import { request as httpRequest } from "node:http";
import type { Sandbox } from "./sandbox.ts";

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: Record<string, unknown>;
}

export interface RawOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly key?: string | null;
  readonly signal?: AbortSignal;
}

/** One request on a connection of its own; rejects when the connection breaks before the body is whole. */
export async function raw(
  sandbox: Sandbox,
  method: string,
  path: string,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { key = sandbox.secretKey, body = "", signal } = options;
  const headers = {
    ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
    ...(body === "" ? {} : { "Content-Type": "application/x-www-form-urlencoded" }),
    ...options.headers,
  };
  return await new Promise((resolve, reject) => {
    const target = { host: "127.0.0.1", port: sandbox.port, method, path, headers, agent: false };
    const request = httpRequest({ ...target, ...(signal === undefined ? {} : { signal }) }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes, json: parsed(bytes) });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

function parsed(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return value !== null && typeof value === "object" ? { ...value } : {};
  } catch {
    return {};
  }
}
