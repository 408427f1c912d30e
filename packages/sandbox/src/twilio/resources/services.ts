// Products that the sandbox has only the outline of: messaging services, studio executions, conversations. They take what is
// sent, so that a test can see whether it came.

import { isObject, textOf, type JsonObject } from "../../shared/json.ts";
import { readAddress, senderType } from "../address.ts";
import { missing } from "../errors.ts";
import { FEES, countryOf, smsPrice } from "../prices.ts";
import { NO_CONTENT, created, found, hostUrl, iso8601, ok, page } from "../reply.ts";
import { countSegments } from "../segments.ts";
import type { Ask, Handler, PlainThing, Shelf, World } from "../world.ts";

type Kept = "messagingServices" | "executions" | "conversations" | "conversationParticipants" | "conversationMessages";

interface Kind {
  readonly shelf: Kept;
  readonly element: string;
  readonly list: string;
  readonly prefix: string;
  /** Below the host, with the parent's SID for the star. */
  readonly path: string;
  fields(ask: Ask, parent: string): JsonObject;
}

const shelfOf = (world: World, kind: Kind): Shelf<PlainThing> => world[kind.shelf];

const make =
  (kind: Kind): Handler =>
  (ask, [parent = ""]) => {
    const { world, account } = ask;
    const fields = kind.fields(ask, parent);
    const thing = { sid: world.newSid(kind.prefix), account: account.sid, parent, createdAt: world.now(), fields };
    return created(kind.element, write(kind, shelfOf(world, kind).add(thing)));
  };

const list =
  (kind: Kind): Handler =>
  (ask, [parent = ""]) => {
    const own = shelfOf(ask.world, kind).group(ask.account.sid, parent);
    return page(ask, kind.list, own, (thing) => write(kind, thing));
  };

const one = (kind: Kind, ask: Ask, ids: readonly string[]): PlainThing =>
  found(shelfOf(ask.world, kind).find(ask.account.sid, ids.at(-1) ?? ""), ask);

const fetch =
  (kind: Kind): Handler =>
  (ask, ids) =>
    ok(kind.element, write(kind, one(kind, ask, ids)));

const remove =
  (kind: Kind): Handler =>
  (ask, ids) => {
    shelfOf(ask.world, kind).delete(one(kind, ask, ids).sid);
    return NO_CONTENT;
  };

function write(kind: Kind, thing: PlainThing): JsonObject {
  const at = iso8601(thing.createdAt);
  const base = { sid: thing.sid, account_sid: thing.account, date_created: at, date_updated: at };
  return { ...base, ...thing.fields, url: `${kind.path.replace("*", thing.parent)}/${thing.sid}` };
}

const messagingService: Kind = {
  shelf: "messagingServices",
  element: "Service",
  list: "services",
  prefix: "MG",
  path: `${hostUrl("messaging")}/v1/Services`,
  fields: ({ params }) => ({
    friendly_name: params.required("FriendlyName"),
    sticky_sender: true,
    smart_encoding: params.flag("SmartEncoding"),
    mms_converter: true,
    usecase: params.text("Usecase") ?? "undeclared",
    links: {},
  }),
};

const execution: Kind = {
  shelf: "executions",
  element: "Execution",
  list: "executions",
  prefix: "FN",
  path: `${hostUrl("studio")}/v2/Flows/*/Executions`,
  fields: ({ params }, flow) => {
    params.required("From");
    return {
      flow_sid: flow,
      context: {},
      contact_channel_address: params.required("To"),
      status: "active",
      flow_version: 1,
      links: {},
    };
  },
};

const conversation: Kind = {
  shelf: "conversations",
  element: "Conversation",
  list: "conversations",
  prefix: "CH",
  path: `${hostUrl("conversations")}/v1/Conversations`,
  fields: ({ params }) => ({
    friendly_name: params.text("FriendlyName") ?? null,
    unique_name: params.text("UniqueName") ?? null,
    attributes: params.text("Attributes") ?? "{}",
    state: "active",
    timers: {},
    bindings: {},
    links: {},
  }),
};

const inConversation = (ask: Ask, sid: string): PlainThing =>
  found(ask.world.conversations.find(ask.account.sid, sid), ask);

const conversationParticipant: Kind = {
  shelf: "conversationParticipants",
  element: "Participant",
  list: "participants",
  prefix: "MB",
  path: `${hostUrl("conversations")}/v1/Conversations/*/Participants`,
  fields: (ask, sid) => {
    const { params } = ask;
    const address = params.text("MessagingBinding.Address");
    const proxy = params.text("MessagingBinding.ProxyAddress") ?? null;
    return {
      conversation_sid: inConversation(ask, sid).sid,
      identity: params.text("Identity") ?? null,
      attributes: params.text("Attributes") ?? "{}",
      messaging_binding:
        address === undefined ? null : { type: readAddress(address).channel, address, proxy_address: proxy },
      role_sid: null,
    };
  },
};

const conversationMessage: Kind = {
  shelf: "conversationMessages",
  element: "Message",
  list: "messages",
  prefix: "IM",
  path: `${hostUrl("conversations")}/v1/Conversations/*/Messages`,
  fields: (ask, sid) => {
    const { params } = ask;
    const body = params.text("Body");
    if (body === undefined && params.text("MediaSid") === undefined && params.text("ContentSid") === undefined) {
      throw missing("Body");
    }
    const parent = inConversation(ask, sid);
    for (const address of receiversIn(ask, parent)) bill(ask, parent, address, body ?? "");
    return {
      conversation_sid: parent.sid,
      body: body ?? null,
      media: null,
      author: params.text("Author") ?? "system",
      attributes: params.text("Attributes") ?? "{}",
      index: ask.world.conversationMessages.group(ask.account.sid, sid).length,
      delivery: null,
      links: {},
    };
  },
};

/** Everybody whom a message of the conversation reaches outside of it. */
function receiversIn({ world, account }: Ask, parent: PlainThing): string[] {
  return world.conversationParticipants.group(account.sid, parent.sid).flatMap((each) => {
    const binding = each.fields.messaging_binding;
    return isObject(binding) ? [textOf(binding.address)] : [];
  });
}

function bill({ world, account, origin }: Ask, parent: PlainThing, address: string, body: string): void {
  const { channel, value } = readAddress(address);
  const [first, ...rest] = countryOf(value)?.carriers ?? [];
  if (channel === "sms" && first === undefined) return;
  const sms = channel === "sms" && first !== undefined;
  const facts = {
    kind: "conversation_message",
    objectId: parent.sid,
    account: account.sid,
    category: sms ? "sms-outbound" : `channels-${channel}-outbound`,
    what: address,
    unit: sms ? "segment" : "message",
    units: sms ? countSegments(body).count : 1,
    unitMicroUsd: sms ? smsPrice(world.pick([first, ...rest]), senderType(value)) : FEES.whatsappMessage,
  } as const;
  const open = world.truth.open(facts, origin, world.now());
  world.due.at(world.now() + world.options.priceDelayMs, (at) => open.bill(at));
}

export const services: Readonly<Record<string, Handler>> = {
  "POST messaging v1/Services": make(messagingService),
  "GET messaging v1/Services": list(messagingService),
  "GET messaging v1/Services/*": fetch(messagingService),
  "DELETE messaging v1/Services/*": remove(messagingService),
  "POST studio v2/Flows/*/Executions": make(execution),
  "GET studio v2/Flows/*/Executions": list(execution),
  "GET studio v2/Flows/*/Executions/*": fetch(execution),
  "POST conversations v1/Conversations": make(conversation),
  "GET conversations v1/Conversations": list(conversation),
  "GET conversations v1/Conversations/*": fetch(conversation),
  "DELETE conversations v1/Conversations/*": remove(conversation),
  "POST conversations v1/Conversations/*/Participants": make(conversationParticipant),
  "GET conversations v1/Conversations/*/Participants": list(conversationParticipant),
  "POST conversations v1/Conversations/*/Messages": make(conversationMessage),
  "GET conversations v1/Conversations/*/Messages": list(conversationMessage),
};
