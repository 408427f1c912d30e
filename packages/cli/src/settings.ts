/** The names of the settings, for one purpose: a mistyped one is said at the start, because it would silently do nothing. */
import { nearest } from "./near.ts";

/** Read by the server (config.ts there), by this command line (connection.ts, secrets.ts). */
const NAMES: readonly string[] = [
  "HOST",
  "PORT",
  "DATA_DIR",
  "MASTER_KEY",
  "BOOTSTRAP_API_KEY",
  "ALLOW_PLAIN_HTTP",
  "SANDBOX",
  "RATES_FILE",
  "RATES_FEED",
  "PRICES_DIR",
  "VENDORS_DIR",
  "PUBLIC_URL",
  "LOG_LEVEL",
  "DATABASE_URL",
  "URL",
  "API_KEY",
  "SECRET",
  "VAULT_KEY",
].map((name) => `KEYBRAKE_${name}`);

/** A sentence for each variable that looks like a setting and is none. Never tells a value. `vendorIds` null: not known yet. */
export function unknownSettings(
  environment: Readonly<Record<string, string | undefined>>,
  vendorIds: readonly string[] | null,
): string[] {
  const known = [
    ...NAMES,
    ...(vendorIds ?? []).map((id) => `KEYBRAKE_${id.toUpperCase().replaceAll("-", "_")}_BASE_URL`),
  ];
  return Object.keys(environment)
    .filter((name) => name.startsWith("KEYBRAKE_") && !name.startsWith("KEYBRAKE_TEST_") && !known.includes(name))
    .filter((name) => vendorIds !== null || !name.endsWith("_BASE_URL"))
    .map((name) => {
      const meant = nearest(name, known);
      return `${name} is no setting of Keybrake and does nothing.${meant === null ? "" : ` Did you mean ${meant}?`}`;
    });
}
