import { randomBytes } from "node:crypto";
import { asApiKeyId, asCredentialId, instant, type Credential } from "@keybrake/core";
import { MemoryStore, TestClock } from "@keybrake/testing";
import { vendors } from "@keybrake/vendors";
import { beforeEach, expect, test } from "vitest";
import { startSandboxes } from "./sandboxes.ts";
import { createVault } from "./vault.ts";

const BY = asApiKeyId("api_test");
const vault = createVault(randomBytes(32));
const [vendor] = vendors;

let store: MemoryStore;

beforeEach(() => {
  store = new MemoryStore({ now: new TestClock().now });
});

async function add(name: string, more: Partial<Credential> = {}): Promise<Credential["id"]> {
  const id = asCredentialId(`cred_${name}`);
  const credential = {
    id,
    vendor: vendor?.id ?? "",
    name,
    livemode: false,
    sandbox: false,
    accountId: null,
    isDefault: false,
    createdAt: instant(0),
    rotatedAt: null,
    removedAt: null,
    ...more,
  };
  await store.addCredential(credential, vault.seal("sk_test_x", credential), BY);
  return id;
}

/** Starts and ends them; the defaults are what is left. */
async function defaultsAfter(mode: "on" | "auto"): Promise<string[]> {
  const sandboxes = await startSandboxes(mode, { store, vault, vendors: vendors.slice(0, 1) });
  await sandboxes.close();
  return (await store.listCredentials()).filter(({ isDefault }) => isDefault).map(({ name }) => name);
}

test("the first start makes a sandbox and its credential, which is the default", async () => {
  expect(await defaultsAfter("auto")).toEqual(["sandbox"]);
});

test("each vendor has its own, with the account that its authentication wants", async () => {
  const sandboxes = await startSandboxes("auto", { store, vault, vendors });
  await sandboxes.close();
  const made = await store.listCredentials();
  expect(made.map((each) => each.vendor)).toEqual(["stripe", "twilio", "resend"]);
  expect(made.every((each) => each.sandbox && each.isDefault)).toBe(true);
  expect(made.map(({ accountId }) => accountId)).toEqual([null, expect.stringMatching(/^AC[0-9a-f]{32}$/), null]);
});

test("with the last real credential gone, the sandbox that starts again is the default", async () => {
  await defaultsAfter("auto");
  const real = await add("main");
  expect(await defaultsAfter("auto")).toEqual(["main"]);
  await store.removeCredential(real, BY);
  expect((await store.listCredentials()).filter(({ isDefault }) => isDefault)).toEqual([]);
  expect(await defaultsAfter("auto")).toEqual(["sandbox"]);
});

test("a sandbox that does not run is nobody's default", async () => {
  await defaultsAfter("auto");
  const inTest = await add("in test");
  await add("live", { livemode: true });
  await store.removeCredential(inTest, BY);
  expect(await defaultsAfter("auto")).toEqual([]);
});

test("a real default stays the default beside a sandbox that is on", async () => {
  await defaultsAfter("auto");
  await add("main");
  expect(await defaultsAfter("on")).toEqual(["main"]);
});
