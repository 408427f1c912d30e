/**
 * Which credential of a vendor is its default. A list goes in with an entry, and the list after it comes out: every store keeps
 * the same answer by applying the same entries. Knows no secret.
 */
import type { CredentialAdded, CredentialChanged } from "./entry.ts";
import type { Credential } from "./key.ts";

/**
 * The credentials that are not removed, oldest first, after this entry.
 * The first real credential of a vendor is its default; a sandbox stands in only as long as there is no real one. When the
 * default goes, the oldest that moves the same money takes its place: live for live, test for test, sandbox for sandbox. Where there
 * is none the vendor has no default until somebody adds or names one, because a key must not move from test to live by itself.
 */
export function applyCredentialEntry(
  credentials: readonly Credential[],
  entry: CredentialAdded | CredentialChanged,
): readonly Credential[] {
  if (entry.kind === "credential_added") {
    const added = entry.credential;
    const standing = credentials.find((each) => each.vendor === added.vendor && each.isDefault);
    const takesOver = added.isDefault || standing === undefined || (standing.sandbox && !added.sandbox);
    const list = [...credentials, { ...added, isDefault: false }];
    return takesOver ? withDefault(list, list.length - 1) : list;
  }
  const index = credentials.findIndex((each) => each.id === entry.credentialId);
  const credential = credentials[index];
  if (credential === undefined) return credentials;
  switch (entry.kind) {
    case "credential_rotated":
      return credentials.with(index, {
        ...credential,
        livemode: entry.livemode ?? credential.livemode,
        rotatedAt: entry.at,
      });
    case "credential_made_default":
      return withDefault(credentials, index);
    case "credential_removed": {
      const left = credentials.toSpliced(index, 1);
      if (!credential.isDefault) return left;
      const { vendor, livemode, sandbox } = credential;
      const heir = left.findIndex(
        (each) => each.vendor === vendor && each.livemode === livemode && each.sandbox === sandbox,
      );
      return heir === -1 ? left : withDefault(left, heir);
    }
  }
}

function withDefault(credentials: readonly Credential[], index: number): readonly Credential[] {
  const vendor = credentials[index]?.vendor;
  return credentials.map((each, at) =>
    each.vendor === vendor && each.isDefault !== (at === index) ? { ...each, isDefault: at === index } : each,
  );
}
