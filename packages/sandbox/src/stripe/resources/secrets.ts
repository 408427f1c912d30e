// Operations that hand out secrets, so that a test can plant one and look for it: webhook endpoints (shown once, when made),
// ephemeral keys, and the number of an issued card, which is only there when it is asked for by `expand`.

import { invalidParameter, missingParameter } from "../errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { PlainObject } from "../objects.ts";
import { template } from "../objects.ts";
import type { Call, Handler } from "../world.ts";
import { found, list, metadata, textOr } from "./shared.ts";

/** Passes the check digit and belongs to nobody: a card of the sandbox, whatever its id. */
export const SANDBOX_CARD_NUMBER = "4000009990001987";
const SANDBOX_CARD_CVC = "913";

const createEndpoint: Handler = (call) => {
  const { params, world, origin } = call;
  const url = params.requiredText("url");
  const events = params.texts("enabled_events");
  if (events.length === 0) throw missingParameter("enabled_events");
  const endpoint: PlainObject = {
    ...template("webhook_endpoint"),
    id: world.newId("we_1"),
    object: "webhook_endpoint",
    api_version: textOr(params, "api_version", null),
    created: world.seconds(),
    description: textOr(params, "description", null),
    enabled_events: events,
    metadata: metadata(params),
    status: "enabled",
    url,
  };
  world.webhookEndpoints.add(endpoint, origin);
  return { ...endpoint, secret: world.newSecret("whsec_") };
};

const updateEndpoint: Handler = (call, [id = ""]) => {
  const { params, world } = call;
  const endpoint = found(world.webhookEndpoints, id, "webhook_endpoint");
  endpoint.description = textOr(params, "description", endpoint.description ?? null);
  endpoint.metadata = metadata(params);
  if (params.boolean("disabled") === true) endpoint.status = "disabled";
  if (params.get("enabled_events") !== undefined) endpoint.enabled_events = params.texts("enabled_events");
  if (params.text("url") !== undefined) endpoint.url = params.requiredText("url");
  return endpoint;
};

const deleteEndpoint: Handler = (call, [id = ""]) => {
  found(call.world.webhookEndpoints, id, "webhook_endpoint");
  call.world.webhookEndpoints.delete(id);
  return { id, object: "webhook_endpoint", deleted: true };
};

const createEphemeralKey: Handler = (call) => {
  const { params, world } = call;
  const customer = params.text("customer");
  const card = params.text("issuing_card");
  if (customer === undefined && card === undefined && params.text("verification_session") === undefined) {
    throw missingParameter("customer");
  }
  const created = world.seconds();
  return {
    id: world.newId("ephkey_1"),
    object: "ephemeral_key",
    associated_objects: [
      customer === undefined ? { id: card ?? "", type: "issuing.card" } : { id: customer, type: "customer" },
    ],
    created,
    expires: created + 3600,
    livemode: false,
    secret: world.newSecret("ek_test_"),
  };
};

/** `expand[]=number` and `expand[]=cvc` add what can be spent with; they are taken out before the common reading of `expand`. */
const issuedCard: Handler = (call, [id = ""]) => {
  if (!/^ic_\w+$/.test(id)) throw invalidParameter(`No such issuing card: '${id}'`, "resource_missing", "card");
  const asked = call.params.texts("expand");
  const secret: Record<string, string> = { number: SANDBOX_CARD_NUMBER, cvc: SANDBOX_CARD_CVC };
  const shown = Object.entries(secret).filter(([field]) => asked.includes(field));
  const rest = asked.filter((field) => !Object.hasOwn(secret, field));
  call.params.entries.delete("expand");
  if (rest.length > 0) throw invalidParameter(`This property cannot be expanded (${rest.join(", ")}).`, null, "expand");
  return {
    ...card(call, id),
    ...Object.fromEntries(shown),
  };
};

function card(call: Call, id: string): JsonObject {
  const published = template("issuing.card");
  return {
    ...published,
    id,
    object: "issuing.card",
    created: call.world.seconds(),
    last4: SANDBOX_CARD_NUMBER.slice(-4),
    latest_fraud_warning: null,
    type: "virtual",
    shipping: null,
  };
}

export const secrets: Readonly<Record<string, Handler>> = {
  "POST webhook_endpoints": createEndpoint,
  "GET webhook_endpoints": (call) => list(call, call.world.webhookEndpoints, "/v1/webhook_endpoints"),
  "GET webhook_endpoints/*": (call, [id = ""]) => found(call.world.webhookEndpoints, id, "webhook_endpoint"),
  "POST webhook_endpoints/*": updateEndpoint,
  "DELETE webhook_endpoints/*": deleteEndpoint,
  "POST ephemeral_keys": createEphemeralKey,
  "GET issuing/cards": (call) => ({
    object: "list",
    data: [card(call, "ic_1KeybrakeSandbox")],
    has_more: false,
    url: "/v1/issuing/cards",
  }),
  "GET issuing/cards/*": issuedCard,
};
