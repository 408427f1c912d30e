/**
 * Which Keybrake the commands speak to, and with which API key: `KEYBRAKE_URL` and `KEYBRAKE_API_KEY`, else the server on this
 * machine and the admin key in its data directory.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createClient, type Client } from "@keybrake/client";
import { UserProblem } from "./problems.ts";

export function keybrakeUrl(): string {
  const given = process.env["KEYBRAKE_URL"];
  if (given !== undefined && given !== "") return given.replace(/\/+$/, "");
  return `http://${process.env["KEYBRAKE_HOST"] ?? "127.0.0.1"}:${process.env["KEYBRAKE_PORT"] ?? "4747"}`;
}

export function dataDirectory(): string {
  return resolve(process.env["KEYBRAKE_DATA_DIR"] ?? ".keybrake");
}

/** Null when there is none to be found. */
export function apiKey(): string | null {
  const given = process.env["KEYBRAKE_API_KEY"] ?? process.env["KEYBRAKE_BOOTSTRAP_API_KEY"];
  if (given !== undefined && given !== "") return given;
  try {
    return readFileSync(join(dataDirectory(), "admin-api-key"), "utf8").trim();
  } catch {
    return null;
  }
}

export function connect(): Client {
  const key = apiKey();
  if (key === null)
    throw new UserProblem(
      `No API key: set KEYBRAKE_API_KEY, or run this where the server's data directory is (looked in ${dataDirectory()}; KEYBRAKE_DATA_DIR names another).`,
      2,
    );
  return createClient({ baseUrl: keybrakeUrl(), apiKey: key });
}
