/** Keys for this API: create with scopes and ceilings, list, revoke. The token is shown once, and only its hash is kept. */
import { asApiKeyId, formatToken, type ApiKey, type Ceilings, type Vendor } from "@keybrake/core";
import { apiKeyAnswer } from "../answers.ts";
import { BOOTSTRAP, BOOTSTRAP_ID } from "../caller.ts";
import { unknownOperation } from "../draft.ts";
import type { Handlers } from "../handler.ts";
import { badField, notFound, problem, type Problem } from "../problem.ts";
import type { ApiKeyAnswer } from "../wire.ts";
import { TOKEN_RANDOM_BYTES } from "./keys.ts";

export const apiKeyRoutes: Handlers<"createApiKey" | "listApiKeys" | "revokeApiKey"> = {
  async createApiKey({ who, body }, { store, vendors, sha256, randomBytes, newId }) {
    const wrong = body.ceilings === null ? null : ceilingsProblem(body.ceilings, vendors);
    if (wrong !== null) return wrong;
    const token = formatToken("api", randomBytes(TOKEN_RANDOM_BYTES));
    const apiKey: ApiKey = {
      id: asApiKeyId(newId("api")),
      name: body.name,
      tokenHash: sha256(token),
      scopes: body.scopes,
      ceilings: body.ceilings,
      createdAt: store.now(),
      revokedAt: null,
    };
    await store.createApiKey(apiKey, who.id);
    return { ...apiKeyAnswer(apiKey), api_key: token };
  },

  async listApiKeys(_call, { store, bootstrapApiKey }) {
    const records = (await store.listApiKeys()).map(apiKeyAnswer);
    return { data: bootstrapApiKey === null ? records : [bootstrapAnswer, ...records] };
  },

  async revokeApiKey({ who, path }, { store, bootstrapApiKey }) {
    const id = asApiKeyId(path.api_key_id);
    if (id === BOOTSTRAP_ID && bootstrapApiKey !== null)
      return problem(
        409,
        "bootstrap_key",
        "The bootstrap key is a setting and not a record. Change KEYBRAKE_BOOTSTRAP_API_KEY, or the file admin-api-key in the data directory, and start again.",
      );
    const revoked = await store.revokeApiKey(id, who.id);
    return revoked === null ? notFound("API key") : apiKeyAnswer(revoked);
  },
};

const bootstrapAnswer: ApiKeyAnswer = {
  id: BOOTSTRAP.id,
  name: BOOTSTRAP.name,
  scopes: BOOTSTRAP.scopes,
  ceilings: null,
  status: "active",
  created_at: null,
  revoked_at: null,
};

/** A ceiling over what does not exist is a typing error: the API key could issue nothing, and nobody would know why. */
function ceilingsProblem(ceilings: Ceilings, vendors: readonly Vendor[]): Problem | null {
  const known = vendors.map((each) => each.id);
  const unknown = ceilings.vendors?.findIndex((id) => !known.includes(id)) ?? -1;
  if (unknown !== -1) {
    const field = `ceilings.vendors[${unknown}]`;
    return badField(field, `Keybrake knows no such vendor; ${field} must be one of: ${known.join(", ")}.`, { known });
  }
  const meant = vendors.filter((each) => ceilings.vendors?.includes(each.id) ?? true);
  return unknownOperation(ceilings.allowedEndpoints ?? [], meant, "ceilings.allowed_endpoints");
}
