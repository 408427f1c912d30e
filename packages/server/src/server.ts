/**
 * The composition root: reads nothing but its configuration, makes every part and hands them to each other, and ends them in the
 * opposite order. No decision about money is taken here.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApi, type PriceBook } from "@keybrake/api";
import {
  convertToUsd,
  Fault,
  formatId,
  formatToken,
  instant,
  readToken,
  type Credential,
  type Store,
  type Vendor,
} from "@keybrake/core";
import { createGateway, type Gateway, type UpstreamBase } from "@keybrake/gateway";
import { openSqliteStore } from "@keybrake/store-sqlite";
import { vendors as builtIn } from "@keybrake/vendors";
import { BOOTSTRAP_API_KEY_CHARS_MIN, settingOf, type Config } from "./config.ts";
import { createCredentialCache } from "./credentials.ts";
import { loadDescribedVendors } from "./described.ts";
import { createLog, eventWriter, type Log } from "./log.ts";
import { openPrices, type Prices } from "./prices.ts";
import { openRates, type Rates } from "./rates-feed.ts";
import { startSandboxes, type RunningSandboxes } from "./sandboxes.ts";
import {
  createVault,
  masterKeyFile,
  ownerOnlyFile,
  sealedSecretsOf,
  unopenable,
  type OwnerOnlyFile,
  type Vault,
} from "./vault.ts";

/** How long a stopping server lets calls finish before it ends them as unknown. Longer than most vendors take, shorter than most supervisors wait. */
const SHUTDOWN_DEADLINE_MS = 25_000;
/** How long DELETE on a key waits for calls that had already left. */
const REVOCATION_DRAIN_MS = 2_000;

export interface RunningServer {
  /** `http://127.0.0.1:4747`, or what KEYBRAKE_PUBLIC_URL says. */
  readonly url: string;
  readonly store: Store;
  readonly vendors: readonly Vendor[];
  /** Vendor ids whose sandbox is running. */
  readonly sandboxes: readonly string[];
  /** The admin API key in the data directory; null when one came from the environment. */
  readonly adminApiKey: { readonly token: string; readonly path: string; readonly made: boolean } | null;
  readonly ratesAsOf: string;
  /** Finishes what is on its way, writes what is pending, lets go of the data directory. Rejected when something could not be written. */
  stop(): Promise<void>;
}

/** `clock`: the wall clock that budgets go by, UTC milliseconds; a test may give another. */
export async function startServer(
  config: Config,
  version: string,
  clock: () => number = Date.now,
): Promise<RunningServer> {
  const log = createLog(config.logLevel);
  const write = eventWriter(log);
  const { ratesFile: file, ratesFeed: feed, dataDirectory } = config;
  const rates = await openRates({ file, feed, dataDirectory, now: Date.now, log: write });
  const vendors = [...builtIn, ...(await loadDescribedVendors(config.vendorsDirectory))];
  const prices = await openPrices(config.pricesDirectory, vendors);
  for (const message of prices.doubts(instant(Date.now()))) log.warn({ event: "price_unusable", message });

  const store = await openSqliteStore({
    directory: config.dataDirectory,
    clock,
    log: write,
  });
  let sandboxes: RunningSandboxes | null = null;
  let server: Server | null = null;
  try {
    // After the store, which has the data directory to itself by now and knows whether anything is sealed.
    const vault = await openVault(config, store, log);
    if (config.bootstrapApiKey !== null && config.bootstrapApiKey.length < BOOTSTRAP_API_KEY_CHARS_MIN) {
      const message =
        `KEYBRAKE_BOOTSTRAP_API_KEY has fewer than ${BOOTSTRAP_API_KEY_CHARS_MIN} characters and could be guessed. ` +
        "Make one with: openssl rand -hex 32";
      log.warn({ event: "bootstrap_api_key_short", message });
    }
    const adminApiKey = config.bootstrapApiKey === null ? await ownAdminApiKey(config, log) : null;
    const credentials = createCredentialCache(store, vault);
    sandboxes = await startSandboxes(config.sandbox, { store, vault, vendors });
    const upstreams = sandboxes;

    const gateway = createGateway({
      store,
      vendors,
      credentials,
      baseOf: (vendor, credential) => upstreamOf(config, upstreams, vendor, credential),
      convert: (amount, now) => convertToUsd(rates.table(), amount, now),
      price: (vendor, from, query, now) => prices.price(vendor, from, query, now),
      publicUrl: () => config.publicUrl,
      newCallId: () => newId("call"),
      log: write,
    });
    const address: { url: string } = { url: config.publicUrl ?? "" };
    const api = createApi({
      store,
      vendors,
      vault,
      version,
      forgetCredential: (id) => credentials.forget(id),
      drainKey: (keyId) => gateway.drainKey(keyId, REVOCATION_DRAIN_MS),
      prices: priceBook(prices, rates, gateway),
      newId,
      randomBytes: (count) => randomBytes(count),
      sha256: (text) => createHash("sha256").update(text).digest("hex"),
      now: Date.now,
      baseUrl: () => address.url,
      bootstrapApiKey: config.bootstrapApiKey ?? adminApiKey?.content ?? null,
      log: write,
    });

    server = createServer(serverOptions, router(gateway, getRequestListener(api.fetch), log));
    address.url = await listen(server, config, address.url);
    rates.start();
    // Whoever calls in the meantime is served: this only finds what an earlier process had not been told yet.
    gateway.followUp().catch((problem: unknown) => {
      log.warn({ event: "follow_ups_not_found", message: String(problem) });
    });
    const running = server;
    return {
      url: address.url,
      store,
      vendors,
      sandboxes: upstreams.vendorIds,
      adminApiKey:
        adminApiKey === null ? null : { token: adminApiKey.content, path: adminApiKey.path, made: adminApiKey.made },
      ratesAsOf: rates.table().asOf,
      async stop() {
        const closed = new Promise<void>((resolve) => running.close(() => resolve()));
        running.closeIdleConnections();
        await rates.close();
        await gateway.close({ deadlineMs: SHUTDOWN_DEADLINE_MS });
        running.closeAllConnections();
        await closed;
        await upstreams.close();
        await store.close();
      },
    };
  } catch (problem) {
    server?.close();
    await sandboxes?.close();
    await store.close().catch(() => {}); // the first problem is the one to tell
    throw problem;
  }
}

/** Limits of the front door. Bodies and answers have their own in the gateway and the API. */
const serverOptions = {
  maxHeaderSize: 32 * 1024,
  /** A client that is slow with its headers only keeps a socket busy. */
  headersTimeout: 30_000,
  /** Whole request, body included. */
  requestTimeout: 120_000,
  keepAliveTimeout: 75_000,
  /** The gateway judges duplicates itself, so it must see every header as it came. */
  joinDuplicateHeaders: false,
} as const;

function router(gateway: Gateway, api: (request: IncomingMessage, response: ServerResponse) => unknown, log: Log) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (gateway.handles(request.url ?? "")) gateway.handle(request, response);
    else
      Promise.resolve(api(request, response)).catch((problem: unknown) => {
        log.error({ event: "api_failed", problem: String(problem) });
        response.destroy();
      });
  };
}

function newId(prefix: "key" | "call" | "cred" | "api"): string {
  return formatId(prefix, instant(Date.now()), idBytes());
}

const ID_BYTES = 16;
/** Asking for randomness costs the same for one id as for a few hundred. Ids are no secrets; tokens get fresh bytes of their own. */
const ID_POOL_BYTES: number = ID_BYTES * 256;
let pool: Uint8Array = new Uint8Array(0);
let poolAt = 0;

function idBytes(): Uint8Array {
  if (poolAt === pool.length) [pool, poolAt] = [randomBytes(ID_POOL_BYTES), 0];
  poolAt += ID_BYTES;
  return pool.subarray(poolAt - ID_BYTES, poolAt);
}

async function listen(server: Server, config: Config, publicUrl: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (problem: NodeJS.ErrnoException) => reject(listenFault(config, problem)));
    server.listen(config.port, config.host, resolve);
  });
  if (publicUrl !== "") return publicUrl;
  const { port } = server.address() as AddressInfo;
  const wildcard = config.host === "0.0.0.0" || config.host === "::";
  const host = wildcard ? "127.0.0.1" : config.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function listenFault({ host, port }: Config, problem: NodeJS.ErrnoException): Fault {
  const fault = (code: string, sentence: string): Fault => new Fault(code, sentence, { cause: problem });
  switch (problem.code ?? "") {
    case "EADDRINUSE":
      return fault(
        "port_in_use",
        `Port ${port} on ${host} is in use. Stop what listens there, or set KEYBRAKE_PORT to another port.`,
      );
    case "EACCES":
      return fault(
        "port_forbidden",
        `This user may not listen on port ${port}. Set KEYBRAKE_PORT to one from 1024 on.`,
      );
    case "EADDRNOTAVAIL":
      return fault(
        "host_unusable",
        `KEYBRAKE_HOST is ${host}, which is no address of this machine. Set it to one of them, or to 127.0.0.1.`,
      );
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return fault("host_unusable", `KEYBRAKE_HOST is ${host}, a name that cannot be found. Set it to an address.`);
    default:
      return fault("host_unusable", `Keybrake cannot listen on ${host}, port ${port}: ${problem.message}.`);
  }
}

function upstreamOf(config: Config, sandboxes: RunningSandboxes, vendor: Vendor, credential: Credential): UpstreamBase {
  const url = credential.sandbox ? sandboxes.urlOf(vendor.id) : (config.baseUrls.get(settingOf(vendor.id)) ?? null);
  if (url !== null) return { kind: "at", url };
  return { kind: credential.sandbox ? "off" : "own" };
}

async function openVault(config: Config, store: Store, log: Log): Promise<Vault> {
  const sealed = await sealedSecretsOf(store);
  let masterKey = config.masterKey;
  if (masterKey === null) {
    const file = await masterKeyFile(config.dataDirectory, sealed);
    warnNarrowed(file, log);
    masterKey = file.key;
  }
  const vault = createVault(masterKey);
  const message = unopenable(vault, sealed);
  if (message !== null) log.error({ event: "credentials_unreadable", message });
  return vault;
}

async function ownAdminApiKey(config: Config, log: Log): Promise<OwnerOnlyFile> {
  const file = await ownerOnlyFile(config.dataDirectory, "admin-api-key", () => formatToken("api", randomBytes(128)));
  warnNarrowed(file, log);
  const read = readToken(file.content);
  if (!("kind" in read) || read.kind !== "api")
    throw new Fault(
      "admin_api_key_unreadable",
      `${file.path} does not hold an API key as Keybrake makes them. Put the right one back, or delete the file: the next start makes a new one.`,
    );
  return file;
}

function warnNarrowed({ path, narrowed }: OwnerOnlyFile, log: Log): void {
  if (!narrowed) return;
  const message = `Others could read ${path} until now. If somebody else uses this machine, replace what is in it.`;
  log.warn({ event: "file_was_open_to_others", message });
}

/** What the control API shows of prices and rates, and asks again for. */
function priceBook(prices: Prices, rates: Rates, gateway: Gateway): PriceBook {
  return {
    cards: () => prices.cards(),
    rates: () => ({ table: rates.table(), from: rates.from(), fetchedAt: rates.fetchedAt() }),
    async refresh() {
      const read = await prices.reload();
      if (!read.ok) return { kind: "bad_files", problems: read.problems };
      const livePricesForgotten = gateway.forgetPrices();
      return { kind: "refreshed", files: read.cards.size, livePricesForgotten, feed: await rates.refresh() };
    },
  };
}
