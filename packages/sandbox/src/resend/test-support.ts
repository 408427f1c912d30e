// What the fake Resend's own tests share: requests with JSON bodies, and the errors in their answers.

import { raw } from "../shared/test-support.ts";
import type { RawAnswer, RawOptions } from "../shared/test-support.ts";
import type { ResendSandbox } from "./server.ts";

/** Mail to one address. */
export const ONE = { from: "Shop <shop@example.com>", to: "ada@example.com", subject: "Hello", text: "Hi" };

/** A request with a JSON body, and a User-Agent, without which Resend hears nobody. */
export async function call(
  sandbox: ResendSandbox,
  method: string,
  path: string,
  body?: unknown,
  options: RawOptions = {},
): Promise<RawAnswer> {
  return await raw(sandbox, method, path, {
    ...options,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      "User-Agent": "test",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...options.headers,
    },
  });
}

export const keyed = (key: string): RawOptions => ({ headers: { "Idempotency-Key": key } });

export function idOf(answer: RawAnswer): string {
  const { id } = answer.json;
  if (typeof id !== "string") throw new Error(`no id in ${answer.body.toString("utf8")}`);
  return id;
}
