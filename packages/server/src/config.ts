/**
 * Settings: the only place that reads the environment. Everything has a default; what is wrong is said for all settings at once.
 */
import { isIP } from "node:net";
import { resolve } from "node:path";
import { ECB_FEED_URL } from "./rates-feed.ts";

export type SandboxMode = "on" | "off" | "auto";

export interface Config {
  readonly host: string;
  readonly port: number;
  /** The address that answers and printed lines name; null: made from host and port. */
  readonly publicUrl: string | null;
  /** Absolute. */
  readonly dataDirectory: string;
  /** 32 bytes, or null: a key file in the data directory. */
  readonly masterKey: Uint8Array | null;
  readonly bootstrapApiKey: string | null;
  /** Upstream addresses where they are not the vendor's own, by `settingOf(vendor.id)`. */
  readonly baseUrls: ReadonlyMap<string, string>;
  readonly sandbox: SandboxMode;
  /** Absolute path of the European Central Bank's CSV; null: the one that came with this version. */
  readonly ratesFile: string | null;
  /** Address of the ECB's XML; null: no feed. Without meaning where there is a `ratesFile`. */
  readonly ratesFeed: string | null;
  /** Absolute path of a directory with `<vendor>.json`; null: none. */
  readonly pricesDirectory: string | null;
  /** Absolute path of a directory with descriptions of vendors; null: none. */
  readonly vendorsDirectory: string | null;
  readonly logLevel: string;
}

/** Every problem of the settings, one sentence each, naming the variable and never its value when it is a secret. */
export class ConfigProblems extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigProblems";
    this.problems = problems;
  }
}

/** Shorter ones are taken with a warning: it may do everything, and nobody counts the guesses. 20 random letters and digits are more than 2^100. */
export const BOOTSTRAP_API_KEY_CHARS_MIN = 20;
const LOG_LEVELS: readonly string[] = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** Settings from an environment. Throws ConfigProblems. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const text = (name: string): string | null => {
    const value = environment[name];
    return value === undefined || value === "" ? null : value;
  };

  const port = Number(text("KEYBRAKE_PORT") ?? "4747");
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push("KEYBRAKE_PORT must be a whole number from 0 (any free port) to 65535.");

  if (text("KEYBRAKE_DATABASE_URL") !== null)
    problems.push(
      "KEYBRAKE_DATABASE_URL is set, but this version has only the embedded store. Unset it; the data directory is KEYBRAKE_DATA_DIR.",
    );

  const sandbox = text("KEYBRAKE_SANDBOX") ?? "auto";
  if (sandbox !== "on" && sandbox !== "off" && sandbox !== "auto")
    problems.push("KEYBRAKE_SANDBOX must be on, off or auto.");

  const logLevel = text("KEYBRAKE_LOG_LEVEL") ?? "warn";
  if (!LOG_LEVELS.includes(logLevel)) problems.push(`KEYBRAKE_LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}.`);

  const bootstrapApiKey = text("KEYBRAKE_BOOTSTRAP_API_KEY");
  if (bootstrapApiKey !== null && !/^[\x21-\x7e]+$/.test(bootstrapApiKey))
    problems.push("KEYBRAKE_BOOTSTRAP_API_KEY must be printable ASCII without spaces.");

  const allowPlainHttp = text("KEYBRAKE_ALLOW_PLAIN_HTTP") === "1";
  const baseUrls = new Map<string, string>();
  for (const name of Object.keys(environment)) {
    const setting = BASE_URL.exec(name)?.[1];
    const value = setting === undefined ? null : text(name);
    if (setting === undefined || value === null) continue;
    const problem = upstreamProblem(value, allowPlainHttp);
    if (problem === null) baseUrls.set(setting, value.replace(/\/+$/, ""));
    else problems.push(`${name} ${problem}`);
  }

  const publicUrl = text("KEYBRAKE_PUBLIC_URL");
  if (publicUrl !== null && !/^https?:\/\/[^/\s]+$/.test(publicUrl))
    problems.push("KEYBRAKE_PUBLIC_URL must be http(s)://host[:port], without a path.");

  const ratesFile = text("KEYBRAKE_RATES_FILE");
  const ratesFeed = text("KEYBRAKE_RATES_FEED") ?? "ecb";
  const feedProblem = ratesFeed === "ecb" || ratesFeed === "off" ? null : ratesFeedProblem(ratesFeed);
  if (feedProblem !== null) problems.push(feedProblem);
  const pricesDirectory = text("KEYBRAKE_PRICES_DIR");
  const vendorsDirectory = text("KEYBRAKE_VENDORS_DIR");
  const masterKey = readMasterKey(text("KEYBRAKE_MASTER_KEY"), problems);
  if (problems.length > 0) throw new ConfigProblems(problems);
  return {
    host: text("KEYBRAKE_HOST") ?? "127.0.0.1",
    port,
    publicUrl,
    dataDirectory: resolve(text("KEYBRAKE_DATA_DIR") ?? ".keybrake"),
    masterKey,
    bootstrapApiKey,
    baseUrls,
    sandbox: sandbox as SandboxMode,
    ratesFile: ratesFile === null ? null : resolve(ratesFile),
    ratesFeed: ratesFeed === "off" ? null : ratesFeed === "ecb" ? ECB_FEED_URL : ratesFeed,
    pricesDirectory: pricesDirectory === null ? null : resolve(pricesDirectory),
    vendorsDirectory: vendorsDirectory === null ? null : resolve(vendorsDirectory),
    logLevel,
  };
}

const BASE_URL = /^KEYBRAKE_([A-Z0-9_]+)_BASE_URL$/;

/** A vendor's id as it stands in the names of settings. */
export function settingOf(vendorId: string): string {
  return vendorId.toUpperCase().replaceAll("-", "_");
}

function readMasterKey(value: string | null, problems: string[]): Uint8Array | null {
  if (value === null) return null;
  const key = decodeMasterKey(value);
  if (key === null)
    problems.push(
      "KEYBRAKE_MASTER_KEY must be 32 bytes, as 64 hex digits or as base64. Make one with: openssl rand -hex 32",
    );
  return key;
}

/** 64 hex digits or base64 of exactly 32 bytes; null for anything else. */
export function decodeMasterKey(text: string): Uint8Array | null {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, "hex");
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null;
  const bytes = Buffer.from(trimmed, "base64");
  return bytes.length === 32 ? bytes : null;
}

function upstreamProblem(value: string, allowPlainHttp: boolean): string | null {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return "is not a URL.";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must be an http or https URL.";
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "")
    return "must have no query, no fragment and no user name.";
  if (url.protocol === "http:" && !allowPlainHttp && !isLoopback(url.hostname))
    return "is plain http to another machine: real secrets would travel unencrypted. Use https, or set KEYBRAKE_ALLOW_PLAIN_HTTP=1.";
  return null;
}

/** Not even with KEYBRAKE_ALLOW_PLAIN_HTTP: whoever is on the way could write the rates. The value may hold a password. */
function ratesFeedProblem(value: string): string | null {
  const problem = "KEYBRAKE_RATES_FEED must be ecb, off, or the address of a file in the form of the ECB's XML";
  if (!URL.canParse(value)) return `${problem}.`;
  const url = new URL(value);
  if (url.username !== "" || url.password !== "") return `${problem}, without a user name and a password.`;
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return null;
  return `${problem}, over https (http only to this machine).`;
}

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
