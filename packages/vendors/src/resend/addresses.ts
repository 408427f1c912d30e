/** Where Resend serves its API: one host, and no account in any path. */
import type { Destination } from "@keybrake/core";

export const MAIN_HOST = "api.resend.com";

export function destination(path: string): Destination {
  return { baseUrl: `https://${MAIN_HOST}`, path };
}
