// Inboxes, as far as they send mail: drafts, and answers to what was received. What they answer is npm resend 6.38.0's types; Resend
// publishes no description of them yet.

import type { JsonObject } from "../../shared/json.ts";
import { invalidField, missingField, notFound } from "../errors.ts";
import type { Call, Handler } from "../handler.ts";
import { created, idOf, objectOf, ok, optionalText, requiredText } from "../handler.ts";
import { domainOf, readAddresses } from "../mail.ts";
import { Shelf, page } from "../shelf.ts";
import type { Draft, Inbox, Received, World } from "../world.ts";
import { timestamp } from "../world.ts";

const MAX = 10_000;

export const inboxes: Readonly<Record<string, Handler>> = {
  "POST inboxes": (call) => {
    const body = objectOf(call);
    const emailAddress = requiredText(body, "email_address").toLowerCase();
    if (domainOf(emailAddress) === "") throw invalidField("Invalid `email_address` field.");
    const inbox: Inbox = {
      id: call.world.newId(),
      createdAt: call.world.now(),
      emailAddress,
      name: optionalText(body, "name") ?? emailAddress,
      drafts: new Shelf("Draft", MAX),
      threads: new Shelf("Thread", MAX),
    };
    call.world.inboxes.add(inbox);
    return created({ object: "inbox", id: inbox.id });
  },
  "GET inboxes": ({ world, query }) => ok(page(world.inboxes.all(), query, showInbox)),
  "GET inboxes/*": ({ world }, ids) => ok({ object: "inbox", ...showInbox(find(world, ids)) }),

  "POST inboxes/*/drafts": (call, ids) => {
    const inbox = find(call.world, ids);
    const draft: Draft = {
      id: call.world.newId(),
      createdAt: call.world.now(),
      to: [],
      cc: [],
      bcc: [],
      subject: "",
      text: null,
      emailId: null,
    };
    write(call, draft);
    inbox.drafts.add(draft);
    return created({ object: "inbox_draft", id: draft.id });
  },
  "GET inboxes/*/drafts": ({ world, query }, ids) => ok(page(find(world, ids).drafts.all(), query, showDraft)),
  "GET inboxes/*/drafts/*": ({ world }, ids) =>
    ok({ object: "inbox_draft", ...showDraft(find(world, ids).drafts.get(idOf(ids, 1))) }),
  "PATCH inboxes/*/drafts/*": (call, ids) => {
    const draft = find(call.world, ids).drafts.get(idOf(ids, 1));
    write(call, draft);
    return ok({ object: "inbox_draft", id: draft.id });
  },
  "POST inboxes/*/drafts/*/send": (call, ids) => {
    const inbox = find(call.world, ids);
    const draft = inbox.drafts.get(idOf(ids, 1));
    if (draft.emailId !== null) throw invalidField("The draft was sent already.");
    if (draft.to.length === 0) throw missingField("to");
    draft.emailId = send(call, inbox, draft, draft.subject);
    return ok({ id: draft.emailId });
  },

  "GET inboxes/*/threads": ({ world, query }, ids) =>
    ok(page(find(world, ids).threads.all(), query, ({ id, createdAt }) => ({ id, created_at: timestamp(createdAt) }))),
  "GET inboxes/*/threads/*/emails": ({ world, query }, ids) => {
    const thread = find(world, ids).threads.get(idOf(ids, 1));
    return ok(page(thread.emails.all(), query, showReceived));
  },
  "GET inboxes/*/threads/*/emails/*": ({ world }, ids) =>
    ok({ object: "inbox_email", ...showReceived(received(world, ids)) }),
  "POST inboxes/*/threads/*/emails/*/reply": (call, ids) => {
    const [inbox, email, body] = [find(call.world, ids), received(call.world, ids), objectOf(call)];
    const others = [...email.to, ...email.cc].filter((address) => address.toLowerCase() !== inbox.emailAddress);
    const to = [email.from];
    const cc = [...addresses(call, "cc"), ...(body.reply_all === true ? others : [])];
    return ok({ id: send(call, inbox, { to, cc, bcc: addresses(call, "bcc") }, `Re: ${email.subject}`) });
  },
  "POST inboxes/*/threads/*/emails/*/forward": (call, ids) => {
    const [inbox, email] = [find(call.world, ids), received(call.world, ids)];
    const to = addresses(call, "to");
    if (to.length === 0) throw missingField("to");
    const recipients = { to, cc: addresses(call, "cc"), bcc: addresses(call, "bcc") };
    return ok({ id: send(call, inbox, recipients, `Fwd: ${email.subject}`) });
  },
};

/** What the world outside does: a mail arrives. Returns the ids of its thread and of itself. */
export function receive(
  world: World,
  inboxId: string,
  mail: Pick<Received, "from" | "to" | "cc" | "subject">,
): Arrival {
  const inbox = world.inboxes.get(inboxId);
  const email: Received = { ...mail, id: world.newId(), createdAt: world.now() };
  const emails = new Shelf<Received>("Email", MAX);
  emails.add(email);
  const thread = inbox.threads.add({ id: world.newId(), createdAt: email.createdAt, emails });
  return { threadId: thread.id, emailId: email.id };
}

export interface Arrival {
  readonly threadId: string;
  readonly emailId: string;
}

function find(world: World, ids: readonly string[]): Inbox {
  const wanted = idOf(ids);
  for (const inbox of world.inboxes.all()) if (inbox.emailAddress === wanted.toLowerCase()) return inbox;
  const found = world.inboxes.find(wanted);
  if (found === undefined) throw notFound("Inbox");
  return found;
}

function received(world: World, ids: readonly string[]): Received {
  return find(world, ids).threads.get(idOf(ids, 1)).emails.get(idOf(ids, 2));
}

function addresses(call: Call, field: string): readonly string[] {
  return readAddresses(objectOf(call), field, call.world.options.gullible);
}

function write(call: Call, draft: Draft): void {
  const body = objectOf(call);
  for (const field of ["to", "cc", "bcc"] as const) {
    if (body[field] !== undefined) draft[field] = addresses(call, field);
  }
  draft.subject = optionalText(body, "subject") ?? draft.subject;
  draft.text = optionalText(body, "text") ?? draft.text;
}

function send(call: Call, inbox: Inbox, to: Pick<Draft, "to" | "cc" | "bcc">, subject: string): string {
  const mail = {
    from: inbox.emailAddress,
    to: to.to,
    cc: to.cc,
    bcc: to.bcc,
    replyTo: [],
    subject,
    html: null,
    text: "",
    sendAt: null,
  };
  return call.world.accept(mail, "inbox", call.origin).id;
}

function showInbox({ id, emailAddress, name, createdAt }: Inbox): JsonObject {
  return { id, email_address: emailAddress, name, created_at: timestamp(createdAt) };
}

function showDraft({ id, to, cc, bcc, subject, text, emailId, createdAt }: Draft): JsonObject {
  const at = timestamp(createdAt);
  return { id, type: "standalone", to, cc, bcc, subject, text, email_id: emailId, created_at: at, updated_at: at };
}

function showReceived({ id, from, to, cc, subject, createdAt }: Received): JsonObject {
  return { id, from, to, cc, bcc: [], subject, created_at: timestamp(createdAt) };
}
