import { describe, expect, it } from "vitest";
import { coverageOf, coverageProblem } from "../../../../tools/published/published.ts";
import {
  LOOKS_SECRET,
  publishedTwilio,
  publishedTwilioRows,
  secretLookingFieldsTwilio,
} from "../../../../tools/published/twilio.ts";
import fields from "../../../../tools/published/twilio-secret-fields.json" with { type: "json" };
import { operations } from "./operations.ts";

const all = operations.operations;
const published = publishedTwilioRows();
const shapeOf = (path: string): string => path.replaceAll(/\{[^}]*\}/g, "{}");
const byLine = new Map(all.map((operation) => [`${operation.method} ${shapeOf(operation.path)}`, operation]));
/** Fails with all names at once, not with the first. */
const expectNone = (names: readonly string[], what: string): void => expect(names, what).toEqual([]);

const BILLING_GETS = ["lookups.phone_numbers.fetch", "lookups.v1.phone_numbers.fetch"];

/** Verbs of the SDK, and the words with which a path itself says what is done. */
const METHODS_OF_VERB: Readonly<Record<string, readonly string[]>> = {
  create: ["POST"],
  fetch: ["GET"],
  list: ["GET"],
  remove: ["DELETE"],
  update: ["POST", "PUT", "PATCH"],
  patch: ["PATCH"],
  anonymize: ["POST"],
  approve_challenge: ["POST"],
  archive: ["POST"],
  authorize: ["GET"],
  lookup: ["POST"],
  promote: ["POST"],
  query: ["POST"],
  recall: ["POST"],
  request_managed_cert: ["POST"],
  search: ["POST"],
  test: ["POST"],
  validate: ["POST"],
  validate_dns: ["GET"],
  verify_factor: ["POST"],
};

function isRefusedOrRedacts(line: string, field: string): boolean {
  const operation = byLine.get(line);
  if (operation === undefined) return false;
  if (operation.class === "secret-bearing" && operation.redacts === undefined) return true;
  return operation.redacts?.includes(field) === true;
}

describe("Twilio's published operations", () => {
  it("are read from the package, on all its hosts and with the versions that have names", () => {
    const hosts = new Set(publishedTwilio().map(({ host }) => host));
    expect(published.length).toBeGreaterThanOrEqual(1_564);
    expect(hosts.size).toBeGreaterThanOrEqual(38);
    for (const host of hosts) expect(host).toMatch(/^[a-z-]+\.twilio\.com$/);
    for (const { path } of published) expect(path).toMatch(/^(?:\/(?:[A-Za-z0-9-]+|\{\})(?:\.json)?)+$/);
    const lines = new Set(published.map(({ method, path }) => `${method} ${path}`));
    expect(lines.size).toBe(published.length);
    for (const line of [
      "POST /2010-04-01/Accounts/{}/Messages.json",
      "POST /verify/v2/Services/{}/Verifications",
      "POST /preview/HostedNumbers/HostedNumberOrders",
      "POST /preview/marketplace/InstalledAddOns",
      "POST /preview/wireless/Commands",
      "DELETE /preview-iam/Organizations/{}/scim/Users/{}",
      "GET /oauth/v2/oauth-authorization-server",
      "GET /insights/v3/InsightsDomains/Conversations/QueryJobs/{}/Results",
    ])
      expect(lines, line).toContain(line);
  });

  it("all have a class, and the table has no others", () => {
    expect(coverageProblem("twilio", coverageOf(operations, published))).toBeNull();
  });

  it("are named in a sentence when the table lacks them, or when it has them elsewhere", () => {
    const planted = { method: "POST", path: "/moon/v1/Phases/{}", source: "npm" };
    expect(coverageProblem("twilio", coverageOf(operations, [...published, planted]))).toBe(
      "1 published operations of twilio have no class: POST /moon/v1/Phases/{}.",
    );
    const without = published.filter(({ path }) => path !== "/iam/v1/token");
    expect(coverageProblem("twilio", coverageOf(operations, without))).toBe(
      "1 operations of the table of twilio are not published: POST /iam/v1/token.",
    );
  });
});

describe("The names of Twilio's operations", () => {
  it("are snake_case and end in a verb that fits the method", () => {
    const wrong = all.filter(({ name, method }) => {
      const verb = name.split(".").at(-1) ?? "";
      return !/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/.test(name) || METHODS_OF_VERB[verb]?.includes(method) !== true;
    });
    expectNone(
      wrong.map(({ method, name }) => `${method} ${name}`),
      "no verb, or not of this method",
    );
  });

  it("begin with the subdomain, but for the api host, whose accounts are no word of theirs", () => {
    const wrong = all.filter(({ name, path }) => {
      const [first = ""] = path.slice(1).split("/");
      if (first === "2010-04-01") return name.startsWith("accounts.") !== /\/Accounts(?:\/\{Sid\})?\.json$/.test(path);
      return !name.startsWith(`${first.replaceAll("-", "_")}.`);
    });
    expectNone(
      wrong.map(({ name, path }) => `${name} ${path}`),
      "another host's name",
    );
  });

  it("are those that allowlists and the docs use", () => {
    const lineOf = (name: string): string => {
      const operation = operations.byName(name);
      return operation === null ? "not in the table" : `${operation.method} ${operation.path}`;
    };
    expect(lineOf("messages.create")).toBe("POST /2010-04-01/Accounts/{AccountSid}/Messages.json");
    expect(lineOf("messages.media.list")).toBe(
      "GET /2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media.json",
    );
    expect(lineOf("accounts.fetch")).toBe("GET /2010-04-01/Accounts/{Sid}.json");
    expect(lineOf("incoming_phone_numbers.create")).toBe(
      "POST /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json",
    );
    expect(lineOf("verify.verifications.create")).toBe("POST /verify/v2/Services/{ServiceSid}/Verifications");
    expect(lineOf("lookups.phone_numbers.fetch")).toBe("GET /lookups/v2/PhoneNumbers/{PhoneNumber}");
    expect(lineOf("lookups.v1.phone_numbers.fetch")).toBe("GET /lookups/v1/PhoneNumbers/{PhoneNumber}");
    expect(lineOf("studio.executions.create")).toBe("POST /studio/v2/Flows/{FlowSid}/Executions");
  });
});

describe("A request to Twilio", () => {
  it("is matched to the operation of its own path, and of no other", () => {
    const wrong: string[] = [];
    for (const { name, method, path } of all) {
      const segments = path
        .slice(1)
        .split("/")
        .map((segment) => segment.replace(/\{[^}]*\}/, "XX1"));
      if (operations.match(method, segments)?.operation.name !== name) wrong.push(`${method} ${path}`);
      if (operations.match(method, [...segments, "More"])?.operation.name === name) wrong.push(`${path}/More`);
      if (operations.match("HEAD", segments) !== null) wrong.push(`HEAD ${path}`);
    }
    expectNone(wrong, "matched to something else");
  });

  it.each([
    "POST 2010-04-01/Accounts/AC1/Messages",
    "POST 2010-04-01/Accounts/AC1/Messages.xml",
    "POST 2010-04-01/Accounts/AC1/Messages.csv",
    "GET 2010-04-01/Accounts/AC1",
    "GET 2010-04-01/Accounts/AC1.xml",
    "POST v2/Services/VA1/Verifications",
    "GET v2/PhoneNumbers/+15005550006",
    "POST preview/undefined/Commands",
    "POST api/2010-04-01/Accounts/AC1/Messages.json",
    "POST 2008-08-01/Accounts/AC1/SMS/Messages.json",
    "POST 2010-04-01/Accounts/AC1/SMS/Messages.json",
    "POST 2010-04-01/Accounts/AC1/Calls",
  ])("is unknown when it is %s", (line) => {
    const [method = "", path = ""] = line.split(" ");
    expect(operations.match(method, path.split("/"))).toBeNull();
  });
});

describe("The classes of Twilio's operations", () => {
  it("let a GET only read, hand out secrets, or be one of the look-ups that bill", () => {
    const wrong = all.filter(
      ({ method, class: is, name }) =>
        method === "GET" && is !== "read" && is !== "secret-bearing" && !BILLING_GETS.includes(name),
    );
    expectNone(
      wrong.map(({ name }) => name),
      "a GET that is neither",
    );
    for (const name of BILLING_GETS) expect(operations.byName(name)?.class, name).toBe("money");
  });

  it("call nothing a read that is not a GET", () => {
    const wrong = all.filter(({ method, class: is }) => method !== "GET" && is === "read");
    expectNone(
      wrong.map(({ name }) => name),
      "not a GET",
    );
  });

  it("give a reason for everything that is not forwarded as it is, and for what bills", () => {
    const bare = all.filter(
      ({ class: is, reason }) => is !== "read" && is !== "free" && (reason === undefined || reason.length < 10),
    );
    expectNone(
      bare.map(({ name }) => name),
      "without a reason",
    );
    // Refusals print the reason after a colon and before a full stop.
    const unfit = all.filter(({ reason }) => reason !== undefined && /^[A-Z][a-z]+ [a-z]|\.$/.test(reason));
    expectNone(
      unfit.map(({ name, reason }) => `${name}: ${reason}`),
      "no part of a sentence",
    );
  });

  it("count as usage, but for what is taken from somebody's card or reported for a customer's bill", () => {
    const other = all.filter(({ directions }) => directions.length > 0 && directions.join("+") !== "usage");
    expect(other.map(({ name, directions }) => `${name} ${directions.join("+")}`)).toEqual([
      "calls.payments.create collected+usage",
      "calls.payments.update collected+usage",
      "marketplace.installed_add_ons.usage.create collected",
    ]);
  });

  it("price these from the request, and no others", () => {
    expect(all.filter((operation) => operation.class === "money").map(({ name }) => name)).toEqual([
      "calls.create",
      "conferences.participants.create",
      "messages.create",
      "lookups.v1.phone_numbers.fetch",
      "lookups.phone_numbers.fetch",
      "lookups.batch.query",
      "verify.verification_checks.create",
      "verify.verifications.create",
      "verify.verifications.update",
    ]);
  });

  it.each(
    `calls.update calls.recordings.create calls.streams.create calls.siprec.create calls.transcriptions.create queues.members.update
     incoming_phone_numbers.create incoming_phone_numbers.local.create incoming_phone_numbers.mobile.create
     incoming_phone_numbers.toll_free.create incoming_phone_numbers.assigned_add_ons.create
     studio.executions.create studio.engagements.create studio.v1.executions.create studio.flows.update
     conversations.v1.conversations.messages.create conversations.services.conversations.messages.create
     conversations.conversations.actions.create conversations.conversation_with_participants.create
     chat.v2.channels.messages.create ip_messaging.channels.messages.create notify.notifications.create
     proxy.sessions.participants.message_interactions.create taskrouter.tasks.create taskrouter.tasks.reservations.update
     taskrouter.workers.reservations.update video.rooms.create video.compositions.create video.composition_hooks.create
     video.rooms.recording_rules.update voice.transcriptions.create intelligence.transcripts.create intelligence.services.create
     intelligence.services.update insights.voice.settings.update trunking.trunks.recording.update
     messaging.a2p.brand_registrations.create messaging.a2p.brand_registrations.vettings.create messaging.compliance.usa2p.create
     numbers.porting.port_in.create numbers.short_codes.applications.create numbers.hosted_number.orders.create
     wireless.sims.update wireless.commands.create supersim.sims.update supersim.sms_commands.create preview.wireless.commands.create
     marketplace.installed_add_ons.create preview.marketplace.installed_add_ons.create verify.entities.challenges.create
     flex_api.interactions.create flex_api.web_chats.create`.split(/\s+/),
  )("leave %s without a bound", (name) => {
    expect(operations.byName(name)?.class).toBe("unbounded");
  });

  it.each(
    `accounts.create accounts.update keys.create signing_keys.create tokens.create outgoing_caller_ids.create iam.keys.create iam.token.create
     oauth.token.create oauth.v1.token.create oauth.authorize preview_iam.token.create iam.account.oauth_apps.create
     iam.account.oauth_apps.update accounts.auth_tokens.promote accounts.auth_tokens.secondary.create verify.access_tokens.create
     verify.entities.factors.create sip.credential_lists.credentials.create sip.credential_lists.credentials.update sip.domains.create
     sip.domains.credential_list_mappings.create sip.domains.auth.calls.ip_access_control_list_mappings.create
     sip.ip_access_control_lists.ip_addresses.create trunking.trunks.credential_lists.create
     trunking.trunks.ip_access_control_lists.create voice.ip_records.create serverless.environments.deployments.create
     serverless.environments.variables.create serverless.environments.variables.update supersim.esim_profiles.create
     numbers.sender_id_registrations.create numbers.sender_id_registrations.embedded_sessions.create
     trusthub.a2p_brand_registrations.create trusthub.compliance_inquiries.customers.initialize.create
     preview_iam.scim.users.create preview_iam.role_assignments.create`.split(/\s+/),
  )("refuse %s", (name) => {
    const operation = operations.byName(name);
    expect(operation?.class).toBe("secret-bearing");
    expect(operation?.redacts).toBeUndefined();
  });

  it("let nothing be deleted at a price", () => {
    const wrong = all.filter(({ method, class: is }) => method === "DELETE" && is !== "free");
    expectNone(
      wrong.map(({ name }) => name),
      "a DELETE",
    );
  });
});

describe("Secrets in Twilio's answers", () => {
  const listed = Object.entries<readonly string[]>(fields.secret);

  it("belong to operations that are refused or blank them out", () => {
    const leaks = listed.flatMap(([field, lines]) =>
      lines.filter((line) => !isRefusedOrRedacts(line, field)).map((line) => `${field} in ${line}`),
    );
    expect(listed.length).toBeGreaterThan(20);
    expectNone(leaks, "a secret that would be passed on");
  });

  it("are all listed, or listed as harmless, where the package names them", () => {
    const harmless: Readonly<Record<string, string>> = fields.harmless;
    const secret: Readonly<Record<string, readonly string[]>> = fields.secret;
    const found = secretLookingFieldsTwilio();
    const unlisted = found.flatMap(({ field, operations: lines }) =>
      Object.hasOwn(harmless, field)
        ? []
        : lines.filter((line) => secret[field]?.includes(line) !== true).map((line) => `${field} in ${line}`),
    );
    expectNone(unlisted, "a field that looks secret and is in no list");
    const seen = found.map(({ field }) => field);
    for (const field of ["auth_token", "activation_code", "inquiry_session_token", "secret", "refresh_token"])
      expect(seen).toContain(field);
  });

  it("are looked for by names that no secret of the list escapes", () => {
    // Whose names say nothing, or that no schema names: found by hand.
    const byHand = ["configuration", "value"];
    expectNone(
      listed.map(([field]) => field).filter((field) => !byHand.includes(field) && !LOOKS_SECRET.test(field)),
      "a name that LOOKS_SECRET does not catch",
    );
  });

  it("are blanked out where the rest of the answer is of use", () => {
    const redacted = (name: string): string => operations.byName(name)?.redacts?.join(" ") ?? "passed as it is";
    expect(redacted("accounts.fetch")).toBe("auth_token");
    expect(redacted("accounts.list")).toBe("auth_token");
    expect(redacted("serverless.environments.variables.fetch")).toBe("value");
    expect(redacted("supersim.esim_profiles.list")).toBe("activation_code matching_id");
    expect(redacted("verify.access_tokens.fetch")).toBe("token");
    expect(redacted("messages.fetch")).toBe("passed as it is");
  });
});
