// Broadcasts: one mail to each contact of a segment that has not unsubscribed. `send: true` makes creating one the same as sending it.

import type { JsonObject } from "../../shared/json.ts";
import { textOf } from "../../shared/json.ts";
import { invalidField, invalidFrom, missingField } from "../errors.ts";
import type { Call, Handler } from "../handler.ts";
import { created, idOf, objectOf, ok, optionalObjectOf, optionalText, requiredText } from "../handler.ts";
import { domainOf, readTime } from "../mail.ts";
import { page } from "../shelf.ts";
import type { Broadcast, World } from "../world.ts";
import { timestamp } from "../world.ts";
import { checkSender } from "./emails.ts";

export const broadcasts: Readonly<Record<string, Handler>> = {
  "POST broadcasts": create,
  "GET broadcasts": ({ world, query }) => ok(page(world.broadcasts.all(), query, showShort)),
  "GET broadcasts/*": ({ world }, ids) => ok(show(world.broadcasts.get(idOf(ids)))),
  // Resend does not publish that only drafts can be changed, so a scheduled one can here, and may get a larger segment.
  "PATCH broadcasts/*": (call, ids) => {
    const broadcast = call.world.broadcasts.get(idOf(ids));
    if (broadcast.status === "sent") throw invalidField("A broadcast that was sent cannot be updated.");
    change(call.world, broadcast, objectOf(call));
    return ok({ object: "broadcast", id: broadcast.id });
  },
  "DELETE broadcasts/*": ({ world }, ids) => {
    const broadcast = draft(world, ids, "deleted");
    world.broadcasts.delete(broadcast.id);
    return ok({ object: "broadcast", id: broadcast.id, deleted: true });
  },
  "POST broadcasts/*/send": (call, ids) => {
    const broadcast = draft(call.world, ids, "sent");
    call.world.send(broadcast, readTime(optionalObjectOf(call), call.world.now()), call.origin);
    return ok({ id: broadcast.id });
  },
  "POST broadcasts/*/cancel": ({ world }, ids) => {
    const broadcast = world.broadcasts.get(idOf(ids));
    if (!world.cancel(broadcast)) throw invalidField("Only a scheduled broadcast can be cancelled.");
    broadcast.status = "draft";
    broadcast.sendAt = null;
    return ok({ object: "broadcast", id: broadcast.id });
  },
  "POST broadcasts/*/duplicate": ({ world }, ids) => {
    const original = world.broadcasts.get(idOf(ids));
    const copy: Broadcast = {
      ...original,
      id: world.newId(),
      createdAt: world.now(),
      status: "draft",
      sendAt: null,
      sentAt: null,
      pending: null,
      recipients: [],
    };
    world.broadcasts.add(copy);
    return created({ object: "broadcast", id: copy.id });
  },
  "GET broadcasts/*/recipients": ({ world, query }, ids) =>
    ok(
      page(world.broadcasts.get(idOf(ids)).recipients, query, (contact) => ({
        id: contact.id,
        contact_id: contact.id,
        email: contact.email,
        count: 1,
      })),
    ),
};

function create(call: Call): ReturnType<Handler> {
  const { world } = call;
  const body = objectOf(call);
  const sendAt = readTime(body, world.now());
  if (sendAt !== null && body.send !== true) throw invalidField("`scheduled_at` can only be used with `send`.");
  requiredText(body, "from");
  requiredText(body, "subject");
  if (segmentIn(body) === "") throw missingField("segment_id");
  const broadcast: Broadcast = {
    id: world.newId(),
    createdAt: world.now(),
    name: "Untitled",
    segmentId: "",
    from: "",
    subject: "",
    html: null,
    text: null,
    status: "draft",
    sendAt: null,
    sentAt: null,
    pending: null,
    recipients: [],
  };
  change(world, broadcast, body);
  world.broadcasts.add(broadcast);
  if (body.send === true) world.send(broadcast, sendAt, call.origin);
  return created({ id: broadcast.id });
}

/** `audience_id` is the old name of `segment_id`. */
function segmentIn(body: JsonObject): string {
  return textOf(body.segment_id) || textOf(body.audience_id);
}

function change(world: World, broadcast: Broadcast, body: JsonObject): void {
  const from = optionalText(body, "from");
  if (from !== null) {
    if (domainOf(from) === "") throw invalidFrom();
    checkSender(world, from);
  }
  const segment = segmentIn(body);
  if (segment !== "") broadcast.segmentId = world.segments.get(segment).id;
  broadcast.from = from ?? broadcast.from;
  broadcast.name = optionalText(body, "name") ?? broadcast.name;
  broadcast.subject = optionalText(body, "subject") ?? broadcast.subject;
  broadcast.html = optionalText(body, "html") ?? broadcast.html;
  broadcast.text = optionalText(body, "text") ?? broadcast.text;
}

function draft(world: World, ids: readonly string[], deed: string): Broadcast {
  const broadcast = world.broadcasts.get(idOf(ids));
  if (broadcast.status !== "draft") throw invalidField(`Only a draft can be ${deed}.`);
  return broadcast;
}

function showShort(broadcast: Broadcast): JsonObject {
  return {
    id: broadcast.id,
    name: broadcast.name,
    audience_id: broadcast.segmentId,
    segment_id: broadcast.segmentId,
    status: broadcast.status,
    created_at: timestamp(broadcast.createdAt),
    scheduled_at: broadcast.sendAt === null ? null : timestamp(broadcast.sendAt),
    sent_at: broadcast.sentAt === null ? null : timestamp(broadcast.sentAt),
  };
}

function show(broadcast: Broadcast): JsonObject {
  const { from, subject, html, text } = broadcast;
  return {
    object: "broadcast",
    ...showShort(broadcast),
    from,
    subject,
    reply_to: null,
    preview_text: null,
    html,
    text,
  };
}
