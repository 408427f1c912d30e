/**
 * The contract: every route of the control API as data. The router, the scope checks, the OpenAPI document and the typed client all
 * come from here; a route that is not in this table does not exist.
 * To add a route: its words in wire.ts, its schemas in schemas.ts, a line in each of the two tables here, a handler under routes/.
 */
import type { Scope } from "@keybrake/core";
import type { z } from "zod";
import * as schemas from "./schemas.ts";
import type * as wire from "./wire.ts";

export type * from "./wire.ts";

/** Path parameters are written `{key_id}`. `None`: the route takes none of it. */
type None = null;

interface Shape<
  Method extends "GET" | "POST" | "PATCH" | "DELETE",
  Path extends string,
  Query,
  Body,
  Answer,
  ParsedQuery = Query,
  ParsedBody = Body,
> {
  readonly method: Method;
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly answer: Answer;
  readonly parsedQuery: ParsedQuery;
  readonly parsedBody: ParsedBody;
}

/** The types of every route. */
export interface Contract {
  createApiKey: Shape<
    "POST",
    "/vault/api-keys",
    None,
    wire.CreateApiKeyRequest,
    wire.CreatedApiKeyAnswer,
    None,
    schemas.CreateApiKeyBody
  >;
  listApiKeys: Shape<"GET", "/vault/api-keys", None, None, wire.ApiKeyListAnswer>;
  revokeApiKey: Shape<"DELETE", "/vault/api-keys/{api_key_id}", None, None, wire.ApiKeyAnswer>;

  addCredential: Shape<
    "POST",
    "/vault/credentials",
    None,
    wire.AddCredentialRequest,
    wire.CredentialAnswer,
    None,
    schemas.AddCredentialBody
  >;
  listCredentials: Shape<"GET", "/vault/credentials", None, None, wire.CredentialListAnswer>;
  patchCredential: Shape<
    "PATCH",
    "/vault/credentials/{credential_id}",
    None,
    wire.PatchCredentialRequest,
    wire.CredentialAnswer
  >;
  rotateCredential: Shape<
    "POST",
    "/vault/credentials/{credential_id}/rotate",
    None,
    wire.RotateCredentialRequest,
    wire.CredentialAnswer
  >;
  removeCredential: Shape<"DELETE", "/vault/credentials/{credential_id}", None, None, wire.CredentialAnswer>;

  issueKey: Shape<"POST", "/vault/keys", None, wire.IssueKeyRequest, wire.IssuedKeyAnswer, None, schemas.IssueKeyBody>;
  listKeys: Shape<"GET", "/vault/keys", wire.KeyListQuery, None, wire.KeyListAnswer, schemas.KeyListParsed>;
  getKey: Shape<"GET", "/vault/keys/{key_id}", None, None, wire.KeyAnswer>;
  patchKey: Shape<
    "PATCH",
    "/vault/keys/{key_id}",
    None,
    wire.PatchKeyRequest,
    wire.KeyAnswer,
    None,
    schemas.PatchKeyBody
  >;
  revokeKey: Shape<"DELETE", "/vault/keys/{key_id}", None, None, wire.RevokedKeyAnswer>;
  getSelf: Shape<"GET", "/vault/self", None, None, wire.KeyAnswer>;

  listOperations: Shape<
    "GET",
    "/vault/operations",
    wire.OperationListQuery,
    None,
    wire.OperationListAnswer,
    schemas.OperationListParsed
  >;

  listPrices: Shape<"GET", "/vault/prices", wire.PriceListQuery, None, wire.PriceListAnswer, schemas.PriceListParsed>;
  refreshPrices: Shape<"POST", "/vault/prices/refresh", None, None, wire.RefreshedPricesAnswer>;

  listCalls: Shape<"GET", "/audit/calls", wire.CallListQuery, None, wire.CallListAnswer, schemas.CallListParsed>;
  getCall: Shape<"GET", "/audit/calls/{call_id}", None, None, wire.AuditRowAnswer>;

  getHealth: Shape<"GET", "/healthz", None, None, wire.HealthAnswer>;
  getReadiness: Shape<"GET", "/readyz", None, None, wire.ReadinessAnswer>;
  getOpenApi: Shape<"GET", "/openapi.json", None, None, unknown>;
}

export type RouteName = keyof Contract;

type ParameterIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterIn<Rest>
  : never;
/** The path parameters of a route. */
export type PathParameters<Name extends RouteName> = Readonly<Record<ParameterIn<Contract[Name]["path"]>, string>>;

/** Who may call a route: nobody in particular, a vault key, or an API key with one of these scopes (`admin` always may). */
export type Access =
  | { readonly kind: "open" }
  | { readonly kind: "vault_key" }
  | { readonly kind: "api_key"; readonly scopes: readonly Scope[] };

export interface RouteError {
  readonly status: 400 | 401 | 403 | 404 | 409 | 500 | 503;
  readonly code: string;
}

export interface Route<Name extends RouteName> {
  readonly method: Contract[Name]["method"];
  readonly path: Contract[Name]["path"];
  readonly access: Access;
  /** One line. */
  readonly summary: string;
  readonly description?: string;
  readonly query: Contract[Name]["query"] extends None ? null : z.ZodType<Contract[Name]["parsedQuery"]>;
  readonly body: Contract[Name]["body"] extends None
    ? null
    : z.ZodType<Contract[Name]["parsedBody"], Contract[Name]["body"]>;
  /** Status of the answer when all is well. */
  readonly status: 200 | 201;
  readonly answer: z.ZodType<Contract[Name]["answer"]>;
  /** What can go wrong beyond what every route shares (`SHARED_ERRORS`). */
  readonly errors: readonly RouteError[];
}

const ADMIN: Access = { kind: "api_key", scopes: ["admin"] };
const OPEN: Access = { kind: "open" };
function scopes(...list: readonly Scope[]): Access {
  return { kind: "api_key", scopes: [...list, "admin"] };
}

const NOT_FOUND: RouteError = { status: 404, code: "not_found" };
const CEILING: RouteError = { status: 403, code: "ceiling_exceeded" };
const ONLY_OWN =
  "An API key with only the scope `issue` sees the keys within its label prefix, or, without one, those it issued.";

/** What can go wrong on every route that takes or needs such a thing. */
export const SHARED_ERRORS: {
  readonly query: readonly RouteError[];
  readonly body: readonly RouteError[];
  readonly access: { readonly [Kind in Access["kind"]]: readonly RouteError[] };
} = {
  query: [
    { status: 400, code: "invalid_query" },
    { status: 400, code: "invalid_field" },
  ],
  body: [
    { status: 400, code: "invalid_json" },
    { status: 400, code: "invalid_body" },
    { status: 400, code: "invalid_field" },
    { status: 400, code: "body_too_large" },
  ],
  access: {
    open: [],
    vault_key: [
      { status: 401, code: "vault_key_invalid" },
      { status: 401, code: "vault_key_expired" },
      { status: 401, code: "vault_key_revoked" },
      { status: 500, code: "internal" },
      { status: 503, code: "store_unavailable" },
    ],
    api_key: [
      { status: 401, code: "api_key_missing" },
      { status: 401, code: "api_key_invalid" },
      { status: 401, code: "api_key_revoked" },
      { status: 401, code: "vault_key_not_accepted" },
      { status: 403, code: "scope_missing" },
      { status: 500, code: "internal" },
      { status: 503, code: "store_unavailable" },
    ],
  },
};

/** The routes, in the order in which the documents show them. */
export const contract: { readonly [Name in RouteName]: Route<Name> } = {
  issueKey: {
    method: "POST",
    path: "/vault/keys",
    access: scopes("issue"),
    summary: "Issue a vault key",
    description:
      "At least one cap besides the per-call one, or `uncapped: true`. Without an expiry the key lives for the API key's ceiling, else 24 hours. " +
      "What an API key with ceilings leaves out is filled from them. A `daily_usd_cap` ceiling is per key: it does not limit how many keys are issued.",
    query: null,
    body: schemas.issueKey,
    status: 201,
    answer: schemas.issuedKeyAnswer,
    errors: [CEILING],
  },
  listKeys: {
    method: "GET",
    path: "/vault/keys",
    access: scopes("read", "issue"),
    summary: "List vault keys, newest first",
    description: ONLY_OWN,
    query: schemas.keyListQuery,
    body: null,
    status: 200,
    answer: schemas.keyListAnswer,
    errors: [],
  },
  getKey: {
    method: "GET",
    path: "/vault/keys/{key_id}",
    access: scopes("read", "issue"),
    summary: "One vault key, with what is settled, held and left in each budget",
    description: ONLY_OWN,
    query: null,
    body: null,
    status: 200,
    answer: schemas.keyAnswer,
    errors: [NOT_FOUND],
  },
  patchKey: {
    method: "PATCH",
    path: "/vault/keys/{key_id}",
    access: scopes("operate", "issue"),
    summary: "Raise or lower caps, extend, change the allowlist",
    description: `The caps' windows, directions and time zones stay as issued. ${ONLY_OWN}`,
    query: null,
    body: schemas.patchKey,
    status: 200,
    answer: schemas.keyAnswer,
    errors: [CEILING, NOT_FOUND, { status: 409, code: "key_not_active" }],
  },
  revokeKey: {
    method: "DELETE",
    path: "/vault/keys/{key_id}",
    access: scopes("operate", "issue"),
    summary: "Revoke a vault key",
    description:
      "Once this has answered, no further call of the key is forwarded. Answers the same however often it is asked.",
    query: null,
    body: null,
    status: 200,
    answer: schemas.revokedKeyAnswer,
    errors: [NOT_FOUND],
  },
  getSelf: {
    method: "GET",
    path: "/vault/self",
    access: { kind: "vault_key" },
    summary: "What the vault key that asks may still do",
    query: null,
    body: null,
    status: 200,
    answer: schemas.keyAnswer,
    errors: [],
  },
  listOperations: {
    method: "GET",
    path: "/vault/operations",
    access: scopes("read", "issue", "operate"),
    summary: "The vendors' operations that Keybrake knows, and how it classes them",
    query: schemas.operationListQuery,
    body: null,
    status: 200,
    answer: schemas.operationListAnswer,
    errors: [],
  },
  listPrices: {
    method: "GET",
    path: "/vault/prices",
    access: scopes("read", "issue", "operate"),
    summary: "Prices by the unit and exchange rates in use, each with its date and source",
    description:
      "A price from a file wins over the vendor's own price list, which is asked with the key's credential when a call needs it and " +
      "is not shown here; that wins over a price from a card.",
    query: schemas.priceListQuery,
    body: null,
    status: 200,
    answer: schemas.priceListAnswer,
    errors: [],
  },
  refreshPrices: {
    method: "POST",
    path: "/vault/prices/refresh",
    access: ADMIN,
    summary: "Read the price files again, forget what vendors said of their prices, ask the feed of exchange rates",
    description: "When a file is bad, nothing changes. A feed that fails is told in the answer and changes no rate.",
    query: null,
    body: null,
    status: 200,
    answer: schemas.refreshedPricesAnswer,
    errors: [{ status: 409, code: "price_files_invalid" }],
  },
  addCredential: {
    method: "POST",
    path: "/vault/credentials",
    access: ADMIN,
    summary: "Add a vendor's secret",
    description: "The first of a vendor is its default. The secret is sealed on arrival and never shown again.",
    query: null,
    body: schemas.addCredential,
    status: 201,
    answer: schemas.credentialAnswer,
    errors: [{ status: 409, code: "name_taken" }],
  },
  listCredentials: {
    method: "GET",
    path: "/vault/credentials",
    access: scopes("read"),
    summary: "List credentials, without their secrets",
    query: null,
    body: null,
    status: 200,
    answer: schemas.credentialListAnswer,
    errors: [],
  },
  patchCredential: {
    method: "PATCH",
    path: "/vault/credentials/{credential_id}",
    access: ADMIN,
    summary: "Make a credential its vendor's default",
    query: null,
    body: schemas.patchCredential,
    status: 200,
    answer: schemas.credentialAnswer,
    errors: [NOT_FOUND],
  },
  rotateCredential: {
    method: "POST",
    path: "/vault/credentials/{credential_id}/rotate",
    access: ADMIN,
    summary: "Replace a credential's secret; its vault keys go on working",
    query: null,
    body: schemas.rotateCredential,
    status: 200,
    answer: schemas.credentialAnswer,
    errors: [NOT_FOUND, { status: 409, code: "livemode_differs" }, { status: 409, code: "sandbox_credential" }],
  },
  removeCredential: {
    method: "DELETE",
    path: "/vault/credentials/{credential_id}",
    access: ADMIN,
    summary: "Remove a credential and erase its secret; its vault keys are refused from then on",
    query: null,
    body: null,
    status: 200,
    answer: schemas.credentialAnswer,
    errors: [NOT_FOUND],
  },
  createApiKey: {
    method: "POST",
    path: "/vault/api-keys",
    access: ADMIN,
    summary: "Create an API key",
    description: "`ceilings` bind a key with the scope `issue`: it cannot hand out more, by POST or by PATCH.",
    query: null,
    body: schemas.createApiKey,
    status: 201,
    answer: schemas.createdApiKeyAnswer,
    errors: [],
  },
  listApiKeys: {
    method: "GET",
    path: "/vault/api-keys",
    access: ADMIN,
    summary: "List API keys",
    query: null,
    body: null,
    status: 200,
    answer: schemas.apiKeyListAnswer,
    errors: [],
  },
  revokeApiKey: {
    method: "DELETE",
    path: "/vault/api-keys/{api_key_id}",
    access: ADMIN,
    summary: "Revoke an API key; the vault keys that it issued live on",
    query: null,
    body: null,
    status: 200,
    answer: schemas.apiKeyAnswer,
    errors: [NOT_FOUND, { status: 409, code: "bootstrap_key" }],
  },
  listCalls: {
    method: "GET",
    path: "/audit/calls",
    access: scopes("read"),
    summary: "The audit: one row a call, refused ones too, newest first",
    query: schemas.callListQuery,
    body: null,
    status: 200,
    answer: schemas.callListAnswer,
    errors: [],
  },
  getCall: {
    method: "GET",
    path: "/audit/calls/{call_id}",
    access: scopes("read"),
    summary: "One call",
    query: null,
    body: null,
    status: 200,
    answer: schemas.auditRowAnswer,
    errors: [NOT_FOUND],
  },
  getHealth: {
    method: "GET",
    path: "/healthz",
    access: OPEN,
    summary: "The process answers",
    query: null,
    body: null,
    status: 200,
    answer: schemas.healthAnswer,
    errors: [],
  },
  getReadiness: {
    method: "GET",
    path: "/readyz",
    access: OPEN,
    summary: "Calls can be decided",
    query: null,
    body: null,
    status: 200,
    answer: schemas.readinessAnswer,
    errors: [{ status: 503, code: "not_ready" }],
  },
  getOpenApi: {
    method: "GET",
    path: "/openapi.json",
    access: OPEN,
    summary: "This document",
    query: null,
    body: null,
    status: 200,
    answer: schemas.openApiAnswer,
    errors: [],
  },
};

/** The names, typed. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table above has exactly these keys, by its type
export const ROUTE_NAMES: readonly RouteName[] = Object.keys(contract) as RouteName[];
