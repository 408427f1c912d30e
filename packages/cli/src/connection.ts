/**
 * Which Keybrake the commands speak to, and with which API key: `KEYBRAKE_URL` and `KEYBRAKE_API_KEY`, else the server on this
 * machine and the admin key in its data directory.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createClient, type Client } from "@keybrake/client";
import { UserProblem } from "./problems.ts";

export function keybrakeUrl(): string {
  const given = text("KEYBRAKE_URL");
  if (given !== null) {
    if (!/^https?:\/\//.test(given) || !URL.canParse(given))
      throw new UserProblem(`KEYBRAKE_URL is ${given}; it must be an address that begins with http:// or https://.`, 2);
    return given.replace(/\/+$/, "");
  }
  const host = text("KEYBRAKE_HOST") ?? "127.0.0.1";
  // What listens on every interface is asked on this one.
  const reached = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${text("KEYBRAKE_PORT") ?? "4747"}`;
}

/** Whether the data directory here can be that of the server which is asked. */
export function isRemote(): boolean {
  const given = text("KEYBRAKE_URL");
  return given !== null && !isLoopback(new URL(keybrakeUrl()).hostname);
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

export function dataDirectory(): string {
  return resolve(text("KEYBRAKE_DATA_DIR") ?? ".keybrake");
}

interface FoundApiKey {
  readonly token: string;
  /** The environment variable or the file that it is from. */
  readonly from: string;
}

/** Null when there is none to be found. */
export function findApiKey(): FoundApiKey | null {
  const own = text("KEYBRAKE_API_KEY");
  if (own !== null) return { token: own, from: "KEYBRAKE_API_KEY" };
  const bootstrap = text("KEYBRAKE_BOOTSTRAP_API_KEY");
  if (bootstrap !== null) return { token: bootstrap, from: "KEYBRAKE_BOOTSTRAP_API_KEY" };
  const file = join(dataDirectory(), "admin-api-key");
  try {
    return { token: readFileSync(file, "utf8").trim(), from: file };
  } catch {
    return null;
  }
}

export function connect(): Client {
  const found = findApiKey();
  if (found === null)
    throw new UserProblem(
      `No API key: set KEYBRAKE_API_KEY, or run this where the server's data directory is (looked in ${dataDirectory()}; KEYBRAKE_DATA_DIR names another).`,
      2,
    );
  return createClient({ baseUrl: keybrakeUrl(), apiKey: found.token });
}

/** The vault key of the run that is asked for; null when there is none in the environment. */
export function findVaultKey(): string | null {
  return text("KEYBRAKE_VAULT_KEY");
}

function text(name: string): string | null {
  const value = process.env[name];
  return value === undefined || value === "" ? null : value;
}
