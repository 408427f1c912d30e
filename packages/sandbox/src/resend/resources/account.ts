// What belongs to the account: domains, API keys, webhooks, logs, and events, which only say that they were heard.

import type { JsonObject } from "../../shared/json.ts";
import { invalidField } from "../errors.ts";
import type { Handler } from "../handler.ts";
import { created, idOf, objectOf, ok, optionalText, requiredText } from "../handler.ts";
import { page } from "../shelf.ts";
import type { ApiKey, Domain, Log, Webhook } from "../world.ts";
import { timestamp } from "../world.ts";

export const account: Readonly<Record<string, Handler>> = {
  "POST domains": (call) => {
    const body = objectOf(call);
    const name = requiredText(body, "name").toLowerCase();
    const region = optionalText(body, "region") ?? "us-east-1";
    const { world } = call;
    const domain = world.domains.add({
      id: world.newId(),
      createdAt: world.now(),
      name,
      region,
      status: "not_started",
    });
    return created({ ...showDomain(domain), records: recordsOf(domain) });
  },
  "GET domains": ({ world, query }) => ok(page(world.domains.all(), query, showDomain)),
  "GET domains/*": ({ world }, ids) => {
    const domain = world.domains.get(idOf(ids));
    return ok({ object: "domain", ...showDomain(domain), records: recordsOf(domain) });
  },
  "DELETE domains/*": ({ world }, ids) => {
    const { id } = world.domains.get(idOf(ids));
    world.domains.delete(id);
    return ok({ object: "domain", id, deleted: true });
  },
  // The sandbox's DNS is always right.
  "POST domains/*/verify": ({ world }, ids) => {
    const domain = world.domains.get(idOf(ids));
    domain.status = "verified";
    return ok({ object: "domain", id: domain.id });
  },

  "POST api-keys": (call) => {
    const body = objectOf(call);
    const permission = optionalText(body, "permission") ?? "full_access";
    if (permission !== "full_access" && permission !== "sending_access") {
      throw invalidField('Access must be "full_access" | "sending_access".');
    }
    const { world } = call;
    const [name, token] = [requiredText(body, "name"), world.secret("re_sandbox_", 32)];
    const key = world.apiKeys.add({ id: world.newId(), createdAt: world.now(), name, token, permission });
    return created({ id: key.id, token });
  },
  "GET api-keys": ({ world, query }) => ok(page(world.apiKeys.all(), query, showKey)),
  "PATCH api-keys/*": (call, ids) => {
    const key = call.world.apiKeys.get(idOf(ids));
    key.name = requiredText(objectOf(call), "name");
    return ok({ object: "api_key", id: key.id });
  },
  "DELETE api-keys/*": ({ world }, ids) => {
    const { id } = world.apiKeys.get(idOf(ids));
    world.apiKeys.delete(id);
    return ok({ object: "api_key", id, deleted: true });
  },

  "POST webhooks": (call) => {
    const body = objectOf(call);
    const events = Array.isArray(body.events) ? body.events : [];
    const { world } = call;
    const [endpoint, signingSecret] = [requiredText(body, "endpoint"), world.secret("whsec_", 32)];
    const webhook = { id: world.newId(), createdAt: world.now(), endpoint, events, signingSecret };
    world.webhooks.add(webhook);
    return created({ object: "webhook", id: webhook.id, signing_secret: signingSecret });
  },
  "GET webhooks": ({ world, query }) => ok(page(world.webhooks.all(), query, showWebhook)),
  "GET webhooks/*": ({ world }, ids) => {
    const webhook = world.webhooks.get(idOf(ids));
    return ok({ object: "webhook", ...showWebhook(webhook), signing_secret: webhook.signingSecret });
  },
  "PATCH webhooks/*": (call, ids) => {
    const webhook = call.world.webhooks.get(idOf(ids));
    const body = objectOf(call);
    webhook.endpoint = optionalText(body, "endpoint") ?? webhook.endpoint;
    if (Array.isArray(body.events)) webhook.events = body.events;
    return ok({ object: "webhook", id: webhook.id });
  },
  "DELETE webhooks/*": ({ world }, ids) => {
    const { id } = world.webhooks.get(idOf(ids));
    world.webhooks.delete(id);
    return ok({ object: "webhook", id, deleted: true });
  },
  "POST webhooks/*/signing-secret/rotate": ({ world }, ids) => {
    const webhook = world.webhooks.get(idOf(ids));
    webhook.signingSecret = world.secret("whsec_", 32);
    return ok({ object: "webhook", id: webhook.id, signing_secret: webhook.signingSecret });
  },

  "GET logs": ({ world, query }) => ok(page(world.logs.all(), query, showLog)),
  "GET logs/*": ({ world }, ids) => {
    const log = world.logs.get(idOf(ids));
    return ok({ object: "log", ...showLog(log), request_body: log.requestBody, response_body: log.responseBody });
  },

  "POST events/send": (call) => ({
    status: 202,
    body: { object: "event", event: requiredText(objectOf(call), "event") },
  }),
  "GET usage": ({ world }) => ok({ object: "usage", emails: { sent: world.truth.totalSent } }),
};

function showDomain({ id, name, status, createdAt, region }: Domain): JsonObject {
  return { id, name, status, created_at: timestamp(createdAt), region };
}

function recordsOf({ name, status }: Domain): readonly JsonObject[] {
  return [
    { record: "SPF", name: `send.${name}`, type: "MX", ttl: "Auto", status, value: "feedback-smtp.sandbox.invalid" },
    { record: "DKIM", name: `resend._domainkey.${name}`, type: "TXT", ttl: "Auto", status, value: "p=sandbox" },
  ];
}

function showKey({ id, name, createdAt }: ApiKey): JsonObject {
  return { id, name, created_at: timestamp(createdAt), last_used_at: null };
}

function showWebhook({ id, endpoint, events, createdAt }: Webhook): JsonObject {
  return { id, endpoint, events, status: "enabled", created_at: timestamp(createdAt) };
}

function showLog({ id, createdAt, endpoint, method, status, userAgent }: Log): JsonObject {
  return {
    id,
    created_at: timestamp(createdAt),
    endpoint,
    method,
    response_status: status,
    user_agent: userAgent,
  };
}
