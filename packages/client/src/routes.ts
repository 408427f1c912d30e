/** Where every route is: the only part of the contract that the client carries. The compiler compares it with the contract. */
import type { Contract, RouteName } from "@keybrake/api/contract";

export const ROUTES: { readonly [Name in RouteName]: `${Contract[Name]["method"]} ${Contract[Name]["path"]}` } = {
  issueKey: "POST /vault/keys",
  listKeys: "GET /vault/keys",
  getKey: "GET /vault/keys/{key_id}",
  patchKey: "PATCH /vault/keys/{key_id}",
  revokeKey: "DELETE /vault/keys/{key_id}",
  getSelf: "GET /vault/self",
  listOperations: "GET /vault/operations",
  listPrices: "GET /vault/prices",
  refreshPrices: "POST /vault/prices/refresh",
  addCredential: "POST /vault/credentials",
  listCredentials: "GET /vault/credentials",
  patchCredential: "PATCH /vault/credentials/{credential_id}",
  rotateCredential: "POST /vault/credentials/{credential_id}/rotate",
  removeCredential: "DELETE /vault/credentials/{credential_id}",
  createApiKey: "POST /vault/api-keys",
  listApiKeys: "GET /vault/api-keys",
  revokeApiKey: "DELETE /vault/api-keys/{api_key_id}",
  listCalls: "GET /audit/calls",
  getCall: "GET /audit/calls/{call_id}",
  getHealth: "GET /healthz",
  getReadiness: "GET /readyz",
  getOpenApi: "GET /openapi.json",
};
