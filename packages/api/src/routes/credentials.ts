/**
 * The vendors' real secrets: add, list, make default, rotate, remove. A secret is checked, sealed and forgotten; no answer, error
 * or log line holds it. Changes take turns, so that a name is taken once and a rotation does not meet a removal half-way.
 */
import { asCredentialId, type Credential } from "@keybrake/core";
import { credentialAnswer } from "../answers.ts";
import type { ApiContext, Handlers } from "../handler.ts";
import { badField, isProblem, notFound, problem, type Problem } from "../problem.ts";

const CHANGES = "credentials";

export const credentialRoutes: Handlers<
  "addCredential" | "listCredentials" | "patchCredential" | "rotateCredential" | "removeCredential"
> = {
  async addCredential({ who, body }, context) {
    return context.inTurn(CHANGES, async () => {
      const { store, vault } = context;
      const checked = checkOf(body.vendor, body.secret, body.account_id ?? body.account_sid ?? null, context);
      if (isProblem(checked)) return checked;
      const { livemode, accountId } = checked;
      const others = (await store.listCredentials()).filter((each) => each.vendor === body.vendor);
      if (others.some((each) => each.name === body.name))
        return problem(409, "name_taken", `${body.vendor} has a credential of this name already; choose another.`, {
          field: "name",
        });
      const id = asCredentialId(context.newId("cred"));
      const credential: Credential = {
        id,
        vendor: body.vendor,
        name: body.name,
        livemode,
        sandbox: false,
        accountId,
        isDefault: body.default ?? false,
        createdAt: store.now(),
        rotatedAt: null,
        removedAt: null,
      };
      await store.addCredential(credential, vault.seal(body.secret, credential), who.id);
      // The store has the last word on which one is the default.
      return credentialAnswer((await credentialOf(id, context)) ?? credential);
    });
  },

  async listCredentials(_call, { store }) {
    return { data: (await store.listCredentials()).map(credentialAnswer) };
  },

  async patchCredential({ who, path }, context) {
    return context.inTurn(CHANGES, async () => {
      const credential = await context.store.makeDefaultCredential(asCredentialId(path.credential_id), who.id);
      return credential === null ? notFound("credential") : credentialAnswer(credential);
    });
  },

  async rotateCredential({ who, path, body }, context) {
    return context.inTurn(CHANGES, async () => {
      const credential = await credentialOf(path.credential_id, context);
      if (credential === undefined) return notFound("credential");
      const { id } = credential;
      if (credential.sandbox)
        return problem(
          409,
          "sandbox_credential",
          "This is the built-in sandbox's credential. Add a real one instead: POST /vault/credentials.",
        );
      const checked = checkOf(credential.vendor, body.secret, credential.accountId, context);
      if (isProblem(checked)) return checked;
      const { livemode } = checked;
      if (checked.accountId !== credential.accountId)
        return badField(
          "secret",
          "This secret belongs to another account of the vendor than the credential. Add a credential instead.",
        );
      if (livemode !== credential.livemode)
        return problem(
          409,
          "livemode_differs",
          `This is a ${mode(credential.livemode)} credential and the secret is a ${mode(livemode)} one. Vault keys of the one must not turn into the other: add a credential instead.`,
          { field: "secret", facts: { livemode: credential.livemode } },
        );
      try {
        const rotated = await context.store.rotateCredential(
          id,
          context.vault.seal(body.secret, credential),
          livemode,
          who.id,
        );
        return rotated === null ? notFound("credential") : credentialAnswer(rotated);
      } finally {
        // Also when the store did not answer: it may have taken the change.
        context.forgetCredential(id);
      }
    });
  },

  async removeCredential({ who, path }, context) {
    return context.inTurn(CHANGES, async () => {
      const id = asCredentialId(path.credential_id);
      try {
        const removed = await context.store.removeCredential(id, who.id);
        return removed === null ? notFound("credential") : credentialAnswer(removed);
      } finally {
        context.forgetCredential(id);
      }
    });
  },
};

async function credentialOf(id: string, { store }: ApiContext): Promise<Credential | undefined> {
  return (await store.listCredentials()).find((each) => each.id === id);
}

/** What the secret says of itself. A secret that does not tell is taken for live: the careful guess. */
function checkOf(
  vendorId: string,
  secret: string,
  accountId: string | null,
  { vendors }: ApiContext,
): { readonly livemode: boolean; readonly accountId: string | null } | Problem {
  const vendor = vendors.find((each) => each.id === vendorId);
  if (vendor === undefined) {
    const known = vendors.map((each) => each.id);
    return badField("vendor", `Keybrake knows no such vendor; say one of: ${known.join(", ")}.`, { known });
  }
  const check = vendor.checkSecret(secret, accountId);
  if (check.problem !== null) return badField("secret", check.problem);
  return { livemode: check.livemode ?? true, accountId: check.accountId ?? accountId };
}

function mode(livemode: boolean): string {
  return livemode ? "live" : "test";
}
