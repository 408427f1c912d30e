// Emails: one, or a batch; scheduled ones can be moved and cancelled.

import type { Json, JsonObject } from "../../shared/json.ts";
import { invalidField, unreadableBody, unverifiedDomain } from "../errors.ts";
import type { Call, Handler } from "../handler.ts";
import { idOf, objectOf, ok } from "../handler.ts";
import type { Mail } from "../mail.ts";
import { domainOf, readMail, readTime } from "../mail.ts";
import { page } from "../shelf.ts";
import type { Email, World } from "../world.ts";
import { timestamp } from "../world.ts";

/** "Trigger up to 100 batch emails at once" (OpenAPI of 2026-08-21). */
const BATCH_MAX = 100;

export const emails: Readonly<Record<string, Handler>> = {
  "POST emails": (call) => ok({ id: call.world.accept(read(call, call.body), "email", call.origin).id }),
  "POST emails/batch": sendBatch,
  "GET emails": ({ world, query }) => ok(page(world.emails.all(), query, show)),
  "GET emails/*": ({ world }, ids) => ok(show(world.emails.get(idOf(ids)))),
  "PATCH emails/*": (call, ids) => {
    const email = call.world.emails.get(idOf(ids));
    const sendAt = readTime(objectOf(call), call.world.now());
    if (email.state !== "scheduled") throw invalidField("Only a scheduled email can be updated.");
    if (sendAt === null) throw invalidField("The `scheduled_at` field has to be in the future.");
    email.sendAt = sendAt;
    return ok({ object: "email", id: email.id });
  },
  "POST emails/*/cancel": ({ world }, ids) => {
    const email = world.emails.get(idOf(ids));
    if (!world.cancel(email)) throw invalidField("Only a scheduled email can be cancelled.");
    email.state = "cancelled";
    return ok({ object: "email", id: email.id });
  },
};

function sendBatch(call: Call): ReturnType<Handler> {
  const items: unknown = call.body;
  if (!Array.isArray(items)) throw unreadableBody();
  if (items.length === 0 || items.length > BATCH_MAX) throw invalidField(`A batch has 1 to ${BATCH_MAX} emails.`);
  const mails: Mail[] = [];
  const errors: Json[] = [];
  items.forEach((item: unknown, index) => {
    try {
      mails.push(read(call, item));
    } catch (error) {
      // In strict mode, the default, nothing is sent when one is wrong (resend.com/changelog/batch-validation-modes, 2025-09-19).
      if (!call.permissive || !(error instanceof Error)) throw error;
      errors.push({ index, message: error.message });
    }
  });
  const data = mails.map((mail) => ({ id: call.world.accept(mail, "batch", call.origin).id }));
  return ok({ data, ...(call.permissive ? { errors } : {}) });
}

function read({ world }: Call, body: unknown): Mail {
  const mail = readMail(body, world.now(), world.options.gullible);
  checkSender(world, mail.from);
  return mail;
}

/** Where senders are checked at all, `resend.dev` is everybody's. */
export function checkSender(world: World, from: string): void {
  const domain = domainOf(from);
  if (!world.options.verifyDomains || domain === "resend.dev") return;
  for (const { name, status } of world.domains.all()) if (name === domain && status === "verified") return;
  throw unverifiedDomain(domain);
}

const LAST_EVENT = { sent: "delivered", scheduled: "scheduled", cancelled: "canceled" } as const;

function show(email: Email): JsonObject {
  return {
    object: "email",
    id: email.id,
    message_id: `<${email.id}@sandbox.invalid>`,
    to: email.to,
    from: email.from,
    created_at: timestamp(email.createdAt),
    subject: email.subject,
    html: email.html,
    text: email.text,
    bcc: email.bcc,
    cc: email.cc,
    reply_to: email.replyTo,
    last_event: LAST_EVENT[email.state],
    scheduled_at: email.sendAt === null ? null : timestamp(email.sendAt),
    tags: [],
  };
}
