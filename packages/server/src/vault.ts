/**
 * The vault: seals credentials with envelope encryption. Each secret has a data key of its own (AES-256-GCM), and the master key
 * wraps that. What is sealed for one credential opens for no other: the credential's id is authenticated with it.
 *
 *   sealed = 1 | master key id (8) | iv (12) | wrapped data key (32) | tag (16) | iv (12) | ciphertext | tag (16)
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Fault, Secret, type CredentialId } from "@keybrake/core";
import { decodeMasterKey } from "./config.ts";

const VERSION = 1;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface Vault {
  seal(secret: string, credentialId: CredentialId): Uint8Array;
  /** Throws Fault `credential_unreadable` when sealed with another master key, for another credential, or changed. */
  open(sealed: Uint8Array, credentialId: CredentialId): Secret<string>;
}

export function createVault(masterKey: Uint8Array): Vault {
  const keyId = createHash("sha256")
    .update("keybrake master key id\n")
    .update(masterKey)
    .digest()
    .subarray(0, KEY_ID_BYTES);
  return {
    seal(secret, credentialId) {
      const dataKey = randomBytes(KEY_BYTES);
      const wrapped = encrypt(masterKey, dataKey, `data key of ${credentialId}`);
      const content = encrypt(dataKey, Buffer.from(secret, "utf8"), `secret of ${credentialId}`);
      return Buffer.concat([Buffer.of(VERSION), keyId, wrapped, content]);
    },
    open(sealed, credentialId) {
      const bytes = Buffer.from(sealed);
      if (bytes[0] !== VERSION) throw unreadable("it has an unknown form");
      if (!bytes.subarray(1, 1 + KEY_ID_BYTES).equals(keyId))
        throw unreadable(
          "it was sealed with another master key; start Keybrake with that one, or rotate the credential",
        );
      const wrappedEnd = 1 + KEY_ID_BYTES + IV_BYTES + KEY_BYTES + TAG_BYTES;
      try {
        const dataKey = decrypt(masterKey, bytes.subarray(1 + KEY_ID_BYTES, wrappedEnd), `data key of ${credentialId}`);
        return new Secret(decrypt(dataKey, bytes.subarray(wrappedEnd), `secret of ${credentialId}`).toString("utf8"));
      } catch {
        throw unreadable("it has been changed, or belongs to another credential");
      }
    },
  };
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

/** A text file that only its owner may read, made on first use. Two processes that start at once end up with the same content. */
export async function ownerOnlyFile(
  directory: string,
  name: string,
  make: () => string,
): Promise<{ content: string; made: boolean; path: string }> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  try {
    const file = await open(path, "wx", 0o600);
    try {
      const content = make();
      await file.writeFile(`${content}\n`);
      await file.sync();
      return { content, made: true, path };
    } finally {
      await file.close();
    }
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== "EEXIST") throw problem;
  }
  const { mode } = await stat(path);
  // A copy or a restore may have widened it; narrowing it again loses nothing.
  if ((mode & 0o077) !== 0) await chmod(path, 0o600);
  return { content: (await readFile(path, "utf8")).trim(), made: false, path };
}

/** The master key from the settings, or from the key file in the data directory. */
export async function masterKeyOf(config: {
  masterKey: Uint8Array | null;
  dataDirectory: string;
}): Promise<Uint8Array> {
  if (config.masterKey !== null) return config.masterKey;
  const file = await ownerOnlyFile(config.dataDirectory, "master.key", () => randomBytes(KEY_BYTES).toString("base64"));
  const key = decodeMasterKey(file.content);
  if (key === null)
    throw new Fault("master_key_unreadable", `${file.path} does not hold a master key (32 bytes as base64 or hex).`);
  return key;
}
