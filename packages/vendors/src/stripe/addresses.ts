/** Which of Stripe's hosts serves an operation. Their paths are the same everywhere, so only the host is told apart. */
import type { Destination, Operation } from "@keybrake/core";

export const MAIN_HOST = "api.stripe.com";

/** The words of the operations table. Source: `apiBase` in the npm package stripe 23.1.0, and `servers` in the OpenAPI of 2026-08-26. */
const HOSTS: ReadonlyMap<string, string> = new Map([
  ["files", "files.stripe.com"],
  ["connect", "connect.stripe.com"],
  ["meter-events", "meter-events.stripe.com"],
]);

export function destination(path: string, operation: Operation | null): Destination {
  const host = operation?.host === undefined ? MAIN_HOST : (HOSTS.get(operation.host) ?? MAIN_HOST);
  return { baseUrl: `https://${host}`, path };
}
