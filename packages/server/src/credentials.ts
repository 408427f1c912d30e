/** Opened credentials, kept for as long as they are in use: opening one costs two decryptions and a query. */
import { Fault, type Credential, type CredentialId, type Secret, type Store } from "@keybrake/core";
import type { Vault } from "./vault.ts";

export interface CredentialCache {
  /** Null when there is none of that id, or it was removed. */
  get(id: CredentialId): Promise<OpenCredential | null>;
  /** After a rotation or removal: the next use reads the store again. */
  forget(id: CredentialId): void;
}

interface OpenCredential {
  readonly credential: Credential;
  readonly secret: Secret<string>;
}

export function createCredentialCache(store: Store, vault: Vault): CredentialCache {
  const opened = new Map<CredentialId, Promise<OpenCredential | null>>();
  const load = async (id: CredentialId): Promise<OpenCredential | null> => {
    const credential = (await store.listCredentials()).find((each) => each.id === id);
    if (credential === undefined) return null;
    const sealed = await store.sealedSecret(id);
    if (sealed === null) throw new Fault("credential_unreadable", "A credential has no stored secret. Rotate it.");
    return { credential, secret: vault.open(sealed, credential) };
  };
  return {
    get(id) {
      let found = opened.get(id);
      if (found === undefined) {
        found = load(id);
        opened.set(id, found);
        // A failure is not remembered: the next call tries again.
        found.then(
          (loaded) => loaded === null && opened.delete(id),
          () => opened.delete(id),
        );
      }
      return found;
    },
    forget(id) {
      opened.delete(id);
    },
  };
}
