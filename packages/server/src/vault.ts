/**
 * The vault: seals credentials with envelope encryption. Each secret has a data key of its own (AES-256-GCM), and the master key
 * wraps that. What is sealed for one credential opens for no other: its id and vendor are authenticated with it.
 *
 *   sealed = 1 | master key id (8) | iv (12) | wrapped data key (32) | tag (16) | iv (12) | ciphertext | tag (16)
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { chmod, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Fault, Secret, type Credential, type Store } from "@keybrake/core";
import { decodeMasterKey } from "./config.ts";

const VERSION = 1;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface Vault {
  seal(secret: string, credential: SealedFor): Uint8Array;
  /** Throws Fault `credential_unreadable` when sealed with another master key, for another credential, or changed. */
  open(sealed: Uint8Array, credential: SealedFor): Secret<string>;
}

/** What a secret is bound to: a record that somebody changed to send it to another vendor, or to a sandbox, opens nothing. */
type SealedFor = Pick<Credential, "id" | "vendor" | "sandbox">;

export function createVault(masterKey: Uint8Array): Vault {
  const keyId = createHash("sha256")
    .update("keybrake master key id\n")
    .update(masterKey)
    .digest()
    .subarray(0, KEY_ID_BYTES);
  return {
    seal(secret, credential) {
      const owner = ownerOf(credential);
      const dataKey = randomBytes(KEY_BYTES);
      const wrapped = encrypt(masterKey, dataKey, `data key of ${owner}`);
      const content = encrypt(dataKey, Buffer.from(secret, "utf8"), `secret of ${owner}`);
      return Buffer.concat([Buffer.of(VERSION), keyId, wrapped, content]);
    },
    open(sealed, credential) {
      const owner = ownerOf(credential);
      const bytes = Buffer.from(sealed);
      if (bytes[0] !== VERSION) throw unreadable("it has an unknown form");
      if (!bytes.subarray(1, 1 + KEY_ID_BYTES).equals(keyId))
        throw unreadable(
          "it was sealed with another master key; start Keybrake with that one, or rotate the credential",
        );
      const wrappedEnd = 1 + KEY_ID_BYTES + IV_BYTES + KEY_BYTES + TAG_BYTES;
      try {
        const dataKey = decrypt(masterKey, bytes.subarray(1 + KEY_ID_BYTES, wrappedEnd), `data key of ${owner}`);
        return new Secret(decrypt(dataKey, bytes.subarray(wrappedEnd), `secret of ${owner}`).toString("utf8"));
      } catch {
        throw unreadable("it has been changed, or belongs to another credential");
      }
    },
  };
}

function ownerOf({ id, vendor, sandbox }: SealedFor): string {
  return `${sandbox ? "sandbox " : ""}credential ${id} of ${vendor}`;
}

function unreadable(why: string): Fault {
  return new Fault("credential_unreadable", `A stored credential cannot be opened: ${why}.`);
}

function encrypt(key: Uint8Array, plain: Uint8Array, purpose: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(purpose));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, sealed: Buffer, purpose: string): Buffer {
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
}

export interface OwnerOnlyFile {
  readonly content: string;
  readonly path: string;
  readonly made: boolean;
  /** Others could read it until now. */
  readonly narrowed: boolean;
}

/** A text file in the data directory that only its owner may read; `make` gives its content where there is none. */
export async function ownerOnlyFile(directory: string, name: string, make: () => string): Promise<OwnerOnlyFile> {
  const path = join(directory, name);
  try {
    return await ownerOnly(path, make);
  } catch (problem) {
    if (problem instanceof Fault) throw problem;
    const reason = problem instanceof Error ? problem.message : String(problem);
    throw new Fault("file_unusable", `${path} cannot be read or made: ${reason}.`, { cause: problem });
  }
}

async function ownerOnly(path: string, make: () => string): Promise<OwnerOnlyFile> {
  const found = await stat(path).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === "ENOENT") return null;
    throw problem;
  });
  if (found === null) {
    const content = make();
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(`${content}\n`);
      await file.sync();
      return { content, path, made: true, narrowed: false };
    } finally {
      await file.close();
    }
  }
  // A copy or a restore may have widened it; narrowing it again loses nothing.
  const narrowed = (found.mode & 0o077) !== 0;
  if (narrowed) await chmod(path, 0o600);
  return { content: (await readFile(path, "utf8")).trim(), path, made: false, narrowed };
}

export interface SealedSecret {
  readonly credential: Credential;
  readonly sealed: Uint8Array;
}

export async function sealedSecretsOf(store: Store): Promise<readonly SealedSecret[]> {
  const secrets: SealedSecret[] = [];
  for (const credential of await store.listCredentials()) {
    const sealed = await store.sealedSecret(credential.id);
    if (sealed !== null) secrets.push({ credential, sealed });
  }
  return secrets;
}

const MASTER_KEY_FILE = "master.key";

/**
 * The key file in the data directory. A new one is made only where nothing has been sealed: beside secrets that it does not open
 * it would look as if all were well, and hide that the right one must be found.
 */
export async function masterKeyFile(
  directory: string,
  sealed: readonly SealedSecret[],
): Promise<OwnerOnlyFile & { readonly key: Uint8Array }> {
  const file = await ownerOnlyFile(directory, MASTER_KEY_FILE, () => {
    if (sealed.length > 0)
      throw new Fault(
        "master_key_missing",
        `${join(directory, MASTER_KEY_FILE)} is missing, and the secrets stored here are sealed with it: ${namesOf(sealed)}. ` +
          "Put the file back, or set KEYBRAKE_MASTER_KEY to what was in it. If it is lost for good, set KEYBRAKE_MASTER_KEY to a " +
          "new one (openssl rand -hex 32), start, and rotate or remove each of them.",
      );
    return randomBytes(KEY_BYTES).toString("base64");
  });
  const key = decodeMasterKey(file.content);
  if (key === null)
    throw new Fault(
      "master_key_unreadable",
      `${file.path} does not hold a master key (32 bytes as base64 or hex). Put the right file back.`,
    );
  return { ...file, key };
}

/** What this vault cannot open, for the log; null when all is well. */
export function unopenable(vault: Vault, sealed: readonly SealedSecret[]): string | null {
  const closed = sealed.filter((each) => {
    try {
      vault.open(each.sealed, each.credential);
      return false;
    } catch {
      return true;
    }
  });
  if (closed.length === 0) return null;
  return (
    `These credentials cannot be opened, so calls that need them are refused: ${namesOf(closed)}. They were sealed with another ` +
    "master key, or changed. Start Keybrake with the right master key, or rotate them."
  );
}

const namesOf = (sealed: readonly SealedSecret[]): string =>
  sealed.map(({ credential }) => `${credential.vendor} ${JSON.stringify(credential.name)}`).join(", ");
