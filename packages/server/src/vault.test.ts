import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asCredentialId, instant, Secret } from "@keybrake/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createVault, masterKeyFile, ownerOnlyFile, unopenable, type SealedSecret, type Vault } from "./vault.ts";

const KEY = new Uint8Array(32).fill(7);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keybrake-vault-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

function sealedBy(vault: Vault, name: string): SealedSecret {
  const id = asCredentialId(`cred_${name}`);
  const credential = {
    id,
    vendor: "acme",
    name,
    livemode: true,
    sandbox: false,
    accountId: null,
    isDefault: true,
    createdAt: instant(0),
    rotatedAt: null,
    removedAt: null,
  };
  return { credential, sealed: vault.seal("the secret", credential) };
}

test("what is sealed opens only for the record that it was sealed for", () => {
  const vault = createVault(KEY);
  const { credential, sealed } = sealedBy(vault, "main");
  expect(vault.open(sealed, credential)).toBeInstanceOf(Secret);
  for (const changed of [{ sandbox: true }, { vendor: "other" }, { id: asCredentialId("cred_other") }])
    expect(() => vault.open(sealed, { ...credential, ...changed }), JSON.stringify(changed)).toThrow(
      /cannot be opened/,
    );
  expect(() => createVault(new Uint8Array(32).fill(9)).open(sealed, credential)).toThrow(/another master key/);
});

describe("the master key's file", () => {
  test("is made where nothing has been sealed, and read from then on", async () => {
    const first = await masterKeyFile(directory, []);
    expect(first).toMatchObject({ made: true, path: join(directory, "master.key") });
    const again = await masterKeyFile(directory, [sealedBy(createVault(first.key), "main")]);
    expect(again).toMatchObject({ made: false, narrowed: false, key: first.key });
  });

  test("is not made anew beside secrets that it would not open: the fault names file, credentials and ways on", async () => {
    const sealed = [sealedBy(createVault(KEY), "main"), sealedBy(createVault(KEY), "other")];
    await expect(masterKeyFile(directory, sealed)).rejects.toMatchObject({
      code: "master_key_missing",
      publicMessage: expect.stringMatching(/master\.key is missing.*"main", acme "other".*KEYBRAKE_MASTER_KEY.*rotate/),
    });
    await expect(stat(join(directory, "master.key"))).rejects.toThrow(/ENOENT/);
  });

  test("that holds something else, or is a directory, is named", async () => {
    await writeFile(join(directory, "master.key"), "hello\n");
    await expect(masterKeyFile(directory, [])).rejects.toMatchObject({ code: "master_key_unreadable" });
    await rm(join(directory, "master.key"));
    await mkdir(join(directory, "master.key"));
    await expect(masterKeyFile(directory, [])).rejects.toMatchObject({
      code: "file_unusable",
      publicMessage: expect.stringContaining(join(directory, "master.key")),
    });
  });
});

test("a file that others could read is narrowed, and that is told once", async () => {
  const file = (): ReturnType<typeof ownerOnlyFile> => ownerOnlyFile(directory, "it", () => "content");
  expect(await file()).toMatchObject({ content: "content", made: true, narrowed: false });
  await chmod(join(directory, "it"), 0o644);
  expect(await file()).toMatchObject({ content: "content", made: false, narrowed: true });
  expect((await stat(join(directory, "it"))).mode & 0o777).toBe(0o600);
  expect(await file()).toMatchObject({ narrowed: false });
  expect(await readFile(join(directory, "it"), "utf8")).toBe("content\n");
});

describe("what a vault cannot open", () => {
  const vault = createVault(KEY);

  test("is nothing with the key that sealed it", () => {
    expect(unopenable(vault, [sealedBy(vault, "main")])).toBeNull();
  });

  test("is named, and only that", () => {
    const other = createVault(new Uint8Array(32).fill(8));
    const said = unopenable(vault, [sealedBy(vault, "mine"), sealedBy(other, "theirs")]);
    expect(said).toContain('acme "theirs"');
    expect(said).not.toContain("mine");
  });
});
