// Contacts, and the segments (once called audiences) that they belong to.

import type { Json, JsonObject } from "../../shared/json.ts";
import { isObject, textOf } from "../../shared/json.ts";
import { invalidField, notFound } from "../errors.ts";
import type { Call, Handler } from "../handler.ts";
import { created, idOf, objectOf, ok, optionalText, requiredText } from "../handler.ts";
import { domainOf } from "../mail.ts";
import { page } from "../shelf.ts";
import type { Contact, Segment, World } from "../world.ts";
import { timestamp } from "../world.ts";

export const contacts: Readonly<Record<string, Handler>> = {
  ...segmentsCalled("segments", "segment"),
  ...segmentsCalled("audiences", "audience"),
  "PATCH segments/*": (call, ids) => {
    const segment = call.world.segments.get(idOf(ids));
    segment.name = optionalText(objectOf(call), "name") ?? segment.name;
    return ok({ object: "segment", id: segment.id });
  },
  "GET segments/*/contacts": ({ world, query }, ids) => {
    const { id } = world.segments.get(idOf(ids));
    return ok(
      page(
        [...world.contacts.all()].filter((contact) => contact.segments.has(id)),
        query,
        showShort,
      ),
    );
  },

  "POST contacts": (call) => create(call, null),
  "GET contacts": ({ world, query }) => ok(page(world.contacts.all(), query, showShort)),
  "GET contacts/*": ({ world }, ids) => ok(show(find(world, ids))),
  "PATCH contacts/*": (call, ids) => update(call, find(call.world, ids)),
  "DELETE contacts/*": ({ world }, ids) => remove(world, find(world, ids)),
  "POST audiences/*/contacts": (call, ids) => create(call, call.world.segments.get(idOf(ids))),
  "GET audiences/*/contacts/*": ({ world }, ids) => ok(show(find(world, ids, 1))),
  "PATCH audiences/*/contacts/*": (call, ids) => update(call, find(call.world, ids, 1)),
  "DELETE audiences/*/contacts/*": ({ world }, ids) => remove(world, find(world, ids, 1)),

  "GET contacts/*/segments": ({ world, query }, ids) => {
    const own = find(world, ids).segments;
    return ok(
      page(
        [...world.segments.all()].filter(({ id }) => own.has(id)),
        query,
        showSegment,
      ),
    );
  },
  "POST contacts/*/segments/*": ({ world }, ids) => {
    const [contact, segment] = [find(world, ids), world.segments.get(idOf(ids, 1))];
    contact.segments.add(segment.id);
    return ok({ object: "contact_segment", contact_id: contact.id, segment_id: segment.id });
  },
  "DELETE contacts/*/segments/*": ({ world }, ids) => {
    const [contact, segment] = [find(world, ids), world.segments.get(idOf(ids, 1))];
    contact.segments.delete(segment.id);
    return ok({ object: "contact_segment", contact_id: contact.id, segment_id: segment.id, deleted: true });
  },
};

function segmentsCalled(path: string, object: string): Record<string, Handler> {
  return {
    [`POST ${path}`]: (call) => {
      const name = requiredText(objectOf(call), "name");
      const segment = call.world.segments.add({ id: call.world.newId(), createdAt: call.world.now(), name });
      return created({ object, id: segment.id, name });
    },
    [`GET ${path}`]: ({ world, query }) => ok(page(world.segments.all(), query, showSegment)),
    [`GET ${path}/*`]: ({ world }, ids) => ok({ object, ...showSegment(world.segments.get(idOf(ids))) }),
    [`DELETE ${path}/*`]: ({ world }, ids) => {
      const segment = world.segments.get(idOf(ids));
      world.segments.delete(segment.id);
      for (const contact of world.contacts.all()) contact.segments.delete(segment.id);
      return ok({ object, id: segment.id, deleted: true });
    },
  };
}

/** A second one with the same address is the first one again. */
function create(call: Call, segment: Segment | null): ReturnType<Handler> {
  const { world } = call;
  const body = objectOf(call);
  const email = requiredText(body, "email");
  if (domainOf(email) === "") throw invalidField("Invalid `email` field.");
  const wanted = [...segmentIds(body.segments), ...(segment === null ? [] : [segment.id])];
  if (textOf(body.audience_id) !== "") wanted.push(textOf(body.audience_id));
  const segments = wanted.map((id) => world.segments.get(id).id);
  const known = world.findContact(email);
  const contact = known ?? {
    id: world.newId(),
    createdAt: world.now(),
    email,
    firstName: "",
    lastName: "",
    unsubscribed: false,
    segments: new Set<string>(),
  };
  change(contact, body);
  for (const id of segments) contact.segments.add(id);
  if (known === undefined) world.addContact(contact);
  return created({ object: "contact", id: contact.id });
}

/** The description says texts, the SDK sends objects. */
function segmentIds(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidField("The `segments` field is a list.");
  return value.map((item: Json) => textOf(isObject(item) ? item.id : item));
}

function update(call: Call, contact: Contact): ReturnType<Handler> {
  change(contact, objectOf(call));
  return ok({ object: "contact", id: contact.id });
}

function change(contact: Contact, body: JsonObject): void {
  contact.firstName = optionalText(body, "first_name") ?? contact.firstName;
  contact.lastName = optionalText(body, "last_name") ?? contact.lastName;
  if (typeof body.unsubscribed === "boolean") contact.unsubscribed = body.unsubscribed;
}

function remove(world: World, contact: Contact): ReturnType<Handler> {
  world.removeContact(contact);
  return ok({ object: "contact", id: contact.id, contact: contact.id, deleted: true });
}

function find(world: World, ids: readonly string[], place = 0): Contact {
  const found = world.findContact(idOf(ids, place));
  if (found === undefined) throw notFound("Contact");
  return found;
}

function showSegment(segment: Segment): JsonObject {
  return { id: segment.id, name: segment.name, created_at: timestamp(segment.createdAt) };
}

function showShort(contact: Contact): JsonObject {
  return {
    id: contact.id,
    email: contact.email,
    first_name: contact.firstName,
    last_name: contact.lastName,
    created_at: timestamp(contact.createdAt),
    unsubscribed: contact.unsubscribed,
  };
}

function show(contact: Contact): JsonObject {
  return { object: "contact", ...showShort(contact), properties: {} };
}
