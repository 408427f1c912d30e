/**
 * The built-in sandboxes: fake vendors on a loopback port, so that a newcomer sees the brake work without a real credential.
 * Each has a credential named "sandbox", marked as such everywhere; the real vendor is never called with it.
 */
import { randomBytes } from "node:crypto";
import { asApiKeyId, asCredentialId, formatId, instant, type ApiKeyId, type Store, type Vendor } from "@keybrake/core";
import { SANDBOXES } from "@keybrake/sandbox";
import type { SandboxMode } from "./config.ts";
import type { Vault } from "./vault.ts";

/** Who the journal says did it. */
const KEYBRAKE: ApiKeyId = asApiKeyId("keybrake");

export interface RunningSandboxes {
  readonly vendorIds: readonly string[];
  /** Null: that vendor's sandbox is off. */
  urlOf(vendorId: string): string | null;
  close(): Promise<void>;
}

/** `auto` runs a vendor's sandbox only as long as that vendor has no real credential. */
export async function startSandboxes(
  mode: SandboxMode,
  parts: { store: Store; vault: Vault; vendors: readonly Vendor[] },
): Promise<RunningSandboxes> {
  const running = new Map<string, { url: string; close(): Promise<void> }>();
  const credentials = await parts.store.listCredentials();
  for (const vendor of parts.vendors) {
    const start = SANDBOXES[vendor.id];
    if (mode === "off" || start === undefined) continue;
    const own = credentials.filter((each) => each.vendor === vendor.id);
    if (mode === "auto" && own.some((each) => !each.sandbox)) continue;
    const sandbox = await start();
    running.set(vendor.id, sandbox);
    const existing = own.find((each) => each.sandbox);
    if (existing === undefined) await addCredential(parts.store, parts.vault, vendor, sandbox.secretKey);
    // The real ones are gone, or there is none to fall back on: a key that names no credential is for the sandbox that runs.
    else if (!own.some((each) => each.isDefault)) await parts.store.makeDefaultCredential(existing.id, KEYBRAKE);
  }
  return {
    vendorIds: [...running.keys()],
    urlOf: (vendorId) => running.get(vendorId)?.url ?? null,
    async close() {
      for (const sandbox of running.values()) await sandbox.close();
    },
  };
}

async function addCredential(store: Store, vault: Vault, vendor: Vendor, secret: string): Promise<void> {
  const now = instant(Date.now());
  const id = asCredentialId(formatId("cred", now, randomBytes(16)));
  const credential = {
    id,
    vendor: vendor.id,
    name: "sandbox",
    livemode: false,
    sandbox: true,
    accountId: vendor.checkSecret(secret, null).accountId ?? null,
    // Only where there is none: a real one keeps its place.
    isDefault: false,
    createdAt: now,
    rotatedAt: null,
    removedAt: null,
  };
  await store.addCredential(credential, vault.seal(secret, credential), KEYBRAKE);
}
