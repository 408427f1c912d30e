/** The contract as an OpenAPI 3.1 document: https://spec.openapis.org/oas/v3.1.1. Made from the contract, never written by hand. */
import { z } from "zod";
import {
  contract,
  ROUTE_NAMES,
  SHARED_ERRORS,
  type Access,
  type Route,
  type RouteError,
  type RouteName,
} from "./contract.ts";
import { errorAnswer } from "./schemas.ts";

type Json = Readonly<Record<string, unknown>>;

export function openApiDocument(version: string, url: string): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Keybrake",
      version,
      summary: "Vault keys for agents that spend real money: capped, allowlisted, expiring, revocable, audited.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url }],
    ...routesAndSchemas(),
  };
}

// The contract does not change while a process runs.
let made: Json | null = null;
function routesAndSchemas(): Json {
  if (made !== null) return made;
  const components = new Map<string, unknown>();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const name of ROUTE_NAMES) {
    const { path, method } = contract[name];
    (paths[path] ??= {})[method.toLowerCase()] = operation(name, contract[name], components);
  }
  made = {
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key; its scopes say which routes it opens." },
        vaultKey: { type: "http", scheme: "bearer", description: "A vault key, as its agent holds it." },
      },
    },
  };
  return made;
}

function operation(name: RouteName, route: Route<RouteName>, components: Map<string, unknown>): Json {
  const parameters = [...pathParameters(route.path), ...queryParameters(route, components)];
  return {
    operationId: name,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: securityOf(route.access),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === null
      ? {}
      : { requestBody: { required: true, content: content(hoisted(route.body, "input", components)) } }),
    responses: {
      [route.status]: { description: "All is well.", content: content(hoisted(route.answer, "output", components)) },
      ...errorResponses(route, components),
    },
  };
}

/** The scopes of which one is enough stand where OpenAPI 3.1 puts roles; each alternative is an entry of its own. */
function securityOf(access: Access): readonly Json[] {
  switch (access.kind) {
    case "open":
      return [];
    case "vault_key":
      return [{ vaultKey: [] }];
    case "api_key":
      return [...new Set(access.scopes)].map((scope) => ({ apiKey: [scope] }));
  }
}

function pathParameters(path: string): readonly Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(route: Route<RouteName>, components: Map<string, unknown>): readonly Json[] {
  if (route.query === null) return [];
  const { properties = {}, required = [] } = hoisted(route.query, "input", components);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

function errorResponses(route: Route<RouteName>, components: Map<string, unknown>): Json {
  const all: readonly RouteError[] = [
    ...(route.access.kind === "open" ? [] : SHARED_ERRORS.query),
    ...(route.body === null ? [] : SHARED_ERRORS.body),
    ...SHARED_ERRORS.access[route.access.kind],
    ...route.errors,
  ];
  const byStatus = new Map<number, Set<string>>();
  for (const { status, code } of all) byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: [...codes].map((code) => `\`${code}\``).join(", "),
        content: content(hoisted(errorAnswer, "output", components)),
      },
    ]),
  );
}

function content(schema: unknown): Json {
  return { "application/json": { schema } };
}

// ------------------------------------------------------------------------------------------------------------- schemas

/** Where the named parts of a schema stand once they are moved out of it. */
const COMPONENTS = "#/components/schemas/";

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

/** The schema without its named parts, which go to the components. A schema that has a name itself is only a reference. */
function hoisted(schema: z.ZodType, io: "input" | "output", components: Map<string, unknown>): ObjectSchema {
  const { $schema: _dialect, $defs, ...rest } = z.toJSONSchema(schema, { io });
  for (const [name, part] of Object.entries($defs ?? {})) components.set(name, relocated(part));
  return relocated(rest) as ObjectSchema; // zod writes JSON Schema, where these two words mean nothing else
}

function relocated(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(relocated);
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) =>
      key === "$ref" && typeof value === "string"
        ? [key, value.replace("#/$defs/", COMPONENTS)]
        : [key, relocated(value)],
    ),
  );
}
