// Calls: how long somebody talks is the seed's, at most what the time limit allows; every leg is billed by itself, each begun
// minute whole, and its price is told some minutes after it has ended. A call that dials others is as many legs.

import type { JsonObject } from "../../shared/json.ts";
import { e164 } from "../address.ts";
import { TwilioFailure, invalid, notFound } from "../errors.ts";
import { FEES, voicePrice } from "../prices.ts";
import { NO_CONTENT, charged, created, found, ok, page, rfc2822 } from "../reply.ts";
import type { BillKind, OpenBill, Origin } from "../truth.ts";
import { readTwiml, type Dial, type Script } from "../twiml.ts";
import type { Account, Ask, Handler, World } from "../world.ts";
import { accept } from "./messages.ts";

/** Billed beside the leg: by its minutes from `from` on, or once. */
interface Extra {
  readonly bill: OpenBill;
  readonly from: number | null;
}

export interface Call {
  readonly sid: string;
  readonly account: string;
  readonly origin: Origin;
  readonly to: string;
  readonly from: string;
  readonly parent: string | null;
  readonly createdAt: number;
  readonly answerAt: number;
  readonly bill: OpenBill;
  readonly extras: Extra[];
  /** Legs that this one dials, those still to be dialled among them. */
  children: Call[];
  limitSeconds: number;
  /** What it will be, until it has ended. */
  talkSeconds: number;
  status: "queued" | "in-progress" | "completed" | "canceled" | "no-answer";
  startedAt: number | null;
  endedAt: number | null;
  updatedAt: number;
  priceMicroUsd: bigint | null;
}

export interface Conference {
  readonly sid: string;
  readonly account: string;
  readonly friendlyName: string;
  readonly createdAt: number;
}

export interface Participant {
  /** The call's. */
  readonly sid: string;
  readonly account: string;
  readonly conference: string;
  readonly label: string | null;
  muted: boolean;
  hold: boolean;
}

export interface Recording {
  readonly sid: string;
  readonly account: string;
  readonly call: string;
  readonly seconds: number;
  readonly createdAt: number;
  readonly bill: OpenBill;
}

/** Four hours, an account's most unless Twilio has raised it. */
const LIMIT_SECONDS_MAX = 14_400;
const TIMEOUT_SECONDS_DEFAULT = 60;
const REDIRECTS_MAX = 10;

interface Leg {
  readonly to: string;
  readonly from: string;
  readonly perMinute: bigint;
  readonly what: string;
}

interface Plan {
  readonly parent: string | null;
  readonly limitSeconds: number;
  readonly at: number;
  readonly ringSeconds: number;
}

const create: Handler = (ask) => {
  const { params, world, account, origin } = ask;
  const script = scriptOf(ask);
  if (script === undefined) throw invalid(21205, "Url parameter is required.");
  const leg = legOf(ask);
  const call = place(world, account.sid, origin, leg, planOf(ask));
  if (params.flag("Record")) record(world, call, origin, call.answerAt);
  if (detectsMachines(params.text("MachineDetection"))) {
    once(world, call, origin, "machine_detection", "answering-machine-detection", 1, FEES.machineDetection);
  }
  follow(world, account, call, origin, script, call.answerAt);
  world.calls.add(call);
  return created("Call", write(call));
};

function planOf({ params, world }: Ask): Plan {
  const timeout = params.whole("Timeout", 1, 600) ?? TIMEOUT_SECONDS_DEFAULT;
  return {
    parent: null,
    limitSeconds: Math.min(params.whole("TimeLimit", 1, 999_999_999) ?? LIMIT_SECONDS_MAX, LIMIT_SECONDS_MAX),
    at: world.now(),
    ringSeconds: world.whole(1, Math.min(timeout, 30)),
  };
}

function detectsMachines(mode: string | undefined): boolean {
  return mode === "Enable" || mode === "DetectMessageEnd";
}

/** The magic numbers of test credentials beside what is really no number. */
function legOf({ params }: Ask): Leg {
  const given = params.text("To");
  if (given === undefined) throw invalid(21201, "No 'To' number is specified");
  const from = params.text("From");
  if (from === undefined) throw invalid(21213, "No 'From' number is specified");
  const caller = e164(from) ?? from;
  if (caller === "+15005550001" || !(/^(client|sip):/.test(from) || caller.startsWith("+"))) {
    throw invalid(
      21212,
      `The 'From' number ${from} is not a valid phone number, shortcode, or alphanumeric sender ID.`,
    );
  }
  const to = e164(given) ?? given;
  if (to === "+15005550001" || !(/^(client|sip):/.test(to) || to.startsWith("+"))) {
    throw invalid(21211, `The 'To' number ${given} is not a valid phone number.`);
  }
  if (to === "+15005550004") throw invalid(21216, "Account not allowed to call this number.");
  const leg = legTo(to, caller);
  if (leg === undefined || to === "+15005550003") {
    throw invalid(
      21215,
      `Account not authorized to call ${to}. Perhaps you need to enable some international permissions`,
    );
  }
  return leg;
}

/** Undefined where the sandbox cannot call. */
function legTo(to: string, from: string): Leg | undefined {
  if (to.startsWith("client:")) return { to, from, perMinute: FEES.clientMinute, what: "client" };
  if (/^sips?:/.test(to)) return { to, from, perMinute: FEES.sipMinute, what: "SIP" };
  const price = voicePrice(to, from);
  return price === undefined ? undefined : { to, from, perMinute: price.perMinute, what: price.name };
}

/** From here on a leg is billed, unless nobody answers. */
function place(world: World, account: string, origin: Origin, leg: Leg, plan: Plan): Call {
  const sid = world.newSid("CA");
  const talkSeconds = lasting(world, plan.limitSeconds);
  const bill = world.truth.open(
    {
      kind: "call_leg",
      objectId: sid,
      account,
      category: "calls-outbound",
      what: leg.what,
      unit: "minute",
      units: minutes(talkSeconds),
      unitMicroUsd: leg.perMinute,
    },
    origin,
    world.now(),
  );
  const call: Call = {
    sid,
    account,
    origin,
    to: leg.to,
    from: leg.from,
    parent: plan.parent,
    createdAt: plan.at,
    answerAt: plan.at + plan.ringSeconds * 1000,
    bill,
    extras: [],
    children: [],
    limitSeconds: plan.limitSeconds,
    talkSeconds,
    status: "queued",
    startedAt: null,
    endedAt: null,
    updatedAt: plan.at,
    priceMicroUsd: null,
  };
  world.due.at(call.answerAt, (at) => answer(world, call, at));
  return call;
}

/** Mostly short; a quarter of them until they are cut. */
function lasting(world: World, limitSeconds: number): number {
  const draw = world.options.fate.next();
  if (draw < 0.25) return limitSeconds;
  return Math.max(1, Math.floor(limitSeconds * draw ** 4));
}

function minutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}

function answer(world: World, call: Call, at: number): void {
  if (call.status !== "queued") return;
  call.status = "in-progress";
  call.startedAt = at;
  call.updatedAt = at;
  endLater(world, call);
}

function endLater(world: World, call: Call): void {
  world.due.at(endOf(call), (at) => {
    if (call.status === "in-progress" && endOf(call) <= at) end(world, call, at);
  });
}

function endOf(call: Call): number {
  return call.answerAt + call.talkSeconds * 1000;
}

/** The leg and everything it has dialled. What has not been answered is not billed. */
function end(world: World, call: Call, at: number): void {
  if (call.status !== "queued" && call.status !== "in-progress") return;
  for (const child of call.children) end(world, child, at);
  call.updatedAt = at;
  if (call.status === "queued") {
    call.status = "canceled";
    call.bill.void();
    for (const extra of call.extras) extra.bill.void();
    return;
  }
  call.status = "completed";
  call.endedAt = at;
  call.talkSeconds = Math.max(1, Math.ceil((at - call.answerAt) / 1000));
  call.bill.revise(minutes(call.talkSeconds));
  for (const extra of call.extras) close(world, call, extra, at);
  world.due.at(at + world.options.priceDelayMs, (pricedAt) => publishPrice(call, pricedAt));
}

function close(world: World, call: Call, extra: Extra, at: number): void {
  if (extra.from === null) return;
  const seconds = Math.max(1, Math.ceil((at - extra.from) / 1000));
  extra.bill.revise(minutes(seconds));
  const { objectId } = extra.bill.current();
  world.recordings.add({
    sid: objectId,
    account: call.account,
    call: call.sid,
    seconds,
    createdAt: at,
    bill: extra.bill,
  });
}

function publishPrice(call: Call, at: number): void {
  call.bill.bill(at);
  for (const extra of call.extras) extra.bill.bill(at);
  const bill = call.bill.current();
  if (bill.state === "billed") call.priceMicroUsd = bill.microUsd;
}

/** At once what the clock would have brought; or nobody answers, which costs nothing. */
export function finishCall(world: World, call: Call, outcome: "succeed" | "fail"): void {
  const at = world.now();
  if (outcome === "fail") {
    if (call.status !== "queued") return;
    end(world, call, at);
    call.status = "no-answer";
    return;
  }
  for (const child of call.children) {
    world.calls.add(child);
    finishCall(world, child, "succeed");
  }
  if (call.status === "queued" || call.status === "in-progress") {
    call.status = "completed";
    call.startedAt ??= at;
    call.endedAt = at;
    call.updatedAt = at;
    for (const extra of call.extras) close(world, call, extra, (extra.from ?? at) + call.talkSeconds * 1000);
  }
  if (call.status === "completed") publishPrice(call, at);
}

// What a document makes a call do ---------------------------------------------------------------------------------------

function scriptOf({ params, world }: Ask): Script | undefined {
  const application = params.text("ApplicationSid");
  const twiml = params.text("Twiml");
  const url = params.text("Url");
  if (application !== undefined) return redirected(world, world.options.documents[application] ?? "");
  if (twiml !== undefined) return redirected(world, twiml);
  if (url === undefined) return undefined;
  if (!/^https?:\/\/./.test(url)) throw invalid(21205, `Url is not a valid URL: ${url}`);
  return redirected(world, world.options.documents[url] ?? "");
}

/** The document and all that it redirects to, as one. */
function redirected(world: World, document: string): Script {
  const scripts: Script[] = [];
  let next: string | undefined = document;
  while (next !== undefined && scripts.length < REDIRECTS_MAX) {
    const script = readTwiml(next);
    scripts.push(script);
    next = script.redirect === undefined ? undefined : world.options.documents[script.redirect];
  }
  return {
    dials: scripts.flatMap((script) => script.dials),
    messages: scripts.flatMap((script) => script.messages),
    record: scripts.some((script) => script.record),
    payments: scripts.reduce((sum, script) => sum + script.payments, 0),
    redirect: undefined,
  };
}

function follow(world: World, account: Account, call: Call, origin: Origin, script: Script, from: number): void {
  if (script.record) record(world, call, origin, from);
  if (script.payments > 0) once(world, call, origin, "payment", "pay-verb-transactions", script.payments, FEES.payment);
  for (const message of script.messages) say(world, account, call, origin, message);
  let at = from;
  for (const each of script.dials) {
    const child = dial(world, call, origin, each, at);
    if (child !== undefined) at = endOf(child);
  }
}

/** Targets of one `<Dial>` ring together; whoever answers first, by the seed, is the leg that is billed. */
function dial(world: World, call: Call, origin: Origin, { targets, ...how }: Dial, at: number): Call | undefined {
  const [first, ...rest] = targets.filter((target) => target.kind !== "room");
  const leftSeconds = Math.floor((endOf(call) - at) / 1000) - 1;
  if (first === undefined || leftSeconds < 1) return undefined;
  const { kind, address } = world.pick([first, ...rest]);
  const to = kind === "number" ? (e164(address) ?? "") : address;
  const leg = legTo(to, e164(how.callerId ?? call.from) ?? call.from);
  if (leg === undefined) return undefined;
  const limitSeconds = Math.min(leftSeconds, how.timeLimit ?? LIMIT_SECONDS_MAX);
  const child = place(world, call.account, origin, leg, { parent: call.sid, limitSeconds, at, ringSeconds: 1 });
  if (how.record) record(world, child, origin, child.answerAt);
  call.children.push(child);
  // It is nobody's to see before it is dialled.
  world.due.at(at, () => {
    if (child.status === "queued") world.calls.add(child);
  });
  return child;
}

function say(world: World, account: Account, call: Call, origin: Origin, message: Script["messages"][number]): void {
  const draft = { service: null, media: 0, asMms: false, template: false, sendAt: null, body: message.body };
  try {
    accept(world, account, origin, { ...draft, to: message.to ?? call.to, from: message.from ?? call.from });
  } catch (error) {
    // The call goes on without it.
    if (!(error instanceof TwilioFailure)) throw error;
  }
}

function record(world: World, call: Call, origin: Origin, from: number): void {
  const facts = {
    kind: "recording",
    objectId: world.newSid("RE"),
    account: call.account,
    category: "recordings",
    what: `recording of ${call.sid}`,
    unit: "minute",
    units: minutes((endOf(call) - from) / 1000),
    unitMicroUsd: FEES.recordingMinute,
  } as const;
  call.extras.push({ bill: world.truth.open(facts, origin, world.now()), from });
}

function once(
  world: World,
  call: Call,
  origin: Origin,
  kind: BillKind,
  category: string,
  units: number,
  unitMicroUsd: bigint,
): void {
  const what = `${category} of ${call.sid}`;
  const facts = {
    kind,
    objectId: call.sid,
    account: call.account,
    category,
    what,
    unit: "request",
    units,
    unitMicroUsd,
  } as const;
  call.extras.push({ bill: world.truth.open(facts, origin, world.now()), from: null });
}

// Reading and changing --------------------------------------------------------------------------------------------------

const byId = (ask: Ask, [sid = ""]: readonly string[]): Call => found(ask.world.calls.find(ask.account.sid, sid), ask);

const fetch: Handler = (ask, ids) => ok("Call", write(byId(ask, ids)));

const list: Handler = (ask) => {
  const { params, world, account } = ask;
  const keep = (call: Call): boolean =>
    same(params.text("To"), call.to) &&
    same(params.text("From"), call.from) &&
    same(params.text("Status"), call.status) &&
    same(params.text("ParentCallSid"), call.parent);
  return page(ask, "calls", world.calls.newestFirst(account.sid).filter(keep), write);
};

function same(wanted: string | undefined, value: string | null): boolean {
  return wanted === undefined || wanted === value;
}

const update: Handler = (ask, ids) => {
  const call = byId(ask, ids);
  const { params, world, account, origin } = ask;
  const status = params.text("Status");
  if (status !== undefined && status !== "completed" && status !== "canceled") {
    throw invalid(21218, "Status can only be completed or canceled");
  }
  const live = call.status === "in-progress";
  const script = scriptOf(ask);
  if (script !== undefined && status === undefined && !live) {
    throw invalid(21220, "Call is not in-progress. Cannot redirect.");
  }
  const limit = params.whole("TimeLimit", 1, 999_999_999);
  if (limit !== undefined && live) limitTo(world, call, limit);
  if (status === "completed" || (status === "canceled" && !live)) end(world, call, world.now());
  else if (script !== undefined) redirect(world, account, call, origin, script);
  return ok("Call", write(call));
};

/** Counted from when the call was answered. */
function limitTo(world: World, call: Call, limitSeconds: number): void {
  call.limitSeconds = Math.min(limitSeconds, LIMIT_SECONDS_MAX);
  if (call.talkSeconds <= call.limitSeconds) return;
  call.talkSeconds = Math.max(call.limitSeconds, elapsedSeconds(world, call));
  call.bill.revise(minutes(call.talkSeconds));
  endLater(world, call);
}

function elapsedSeconds(world: World, call: Call): number {
  return Math.ceil((world.now() - call.answerAt) / 1000);
}

/** The old document is left where it stands, and the new one has the call until its limit. */
function redirect(world: World, account: Account, call: Call, origin: Origin, script: Script): void {
  const at = world.now();
  for (const child of call.children) end(world, child, at);
  const elapsed = elapsedSeconds(world, call);
  call.talkSeconds = elapsed + lasting(world, Math.max(1, call.limitSeconds - elapsed));
  call.bill.revise(minutes(call.talkSeconds));
  call.updatedAt = at;
  follow(world, account, call, origin, script, at);
  endLater(world, call);
}

const remove: Handler = (ask, ids) => {
  ask.world.calls.delete(byId(ask, ids).sid);
  return NO_CONTENT;
};

function write(call: Call): JsonObject {
  const uri = `/2010-04-01/Accounts/${call.account}/Calls/${call.sid}`;
  const resources = ["notifications", "recordings", "payments", "events", "siprec", "streams", "transcriptions"];
  const name = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
  return {
    date_updated: rfc2822(call.updatedAt),
    price_unit: "USD",
    parent_call_sid: call.parent,
    caller_name: null,
    duration: call.endedAt === null ? null : String(call.talkSeconds),
    from: call.from,
    to: call.to,
    annotation: null,
    answered_by: null,
    sid: call.sid,
    queue_time: "0",
    price: call.priceMicroUsd === null ? null : charged(call.priceMicroUsd),
    api_version: "2010-04-01",
    status: call.status,
    direction: call.parent === null ? "outbound-api" : "outbound-dial",
    start_time: call.startedAt === null ? null : rfc2822(call.startedAt),
    date_created: rfc2822(call.createdAt),
    from_formatted: call.from,
    group_sid: null,
    trunk_sid: null,
    forwarded_from: null,
    uri: `${uri}.json`,
    account_sid: call.account,
    end_time: call.endedAt === null ? null : rfc2822(call.endedAt),
    to_formatted: call.to,
    phone_number_sid: null,
    subresource_uris: Object.fromEntries(resources.map((each) => [each, `${uri}/${name(each)}.json`])),
  };
}

// Conferences -----------------------------------------------------------------------------------------------------------

const addParticipant: Handler = (ask, [room = ""]) => {
  const { params, world, account, origin } = ask;
  const leg = legOf(ask);
  const conference = conferenceCalled(ask, room) ?? newConference(ask, room);
  const call = place(world, account.sid, origin, leg, planOf(ask));
  if (params.flag("Record")) record(world, call, origin, call.answerAt);
  const whole = params.text("ConferenceRecord");
  if (whole === "true" || whole === "record-from-start") record(world, call, origin, call.answerAt);
  if (detectsMachines(params.text("MachineDetection"))) {
    once(world, call, origin, "machine_detection", "answering-machine-detection", 1, FEES.machineDetection);
  }
  world.calls.add(call);
  const participant = world.participants.add({
    sid: call.sid,
    account: account.sid,
    conference: conference.sid,
    label: params.text("Label") ?? null,
    muted: params.flag("Muted"),
    hold: false,
  });
  return created("Participant", writeParticipant(ask, participant));
};

/** By its SID or by its name. */
function conferenceCalled({ world, account }: Ask, room: string): Conference | undefined {
  return world.conferences.find(account.sid, room) ?? world.conferences.group(account.sid, room)[0];
}

function newConference({ world, account, path }: Ask, room: string): Conference {
  if (/^CF[0-9a-f]{32}$/.test(room)) throw notFound(path);
  const made = { sid: world.newSid("CF"), account: account.sid, friendlyName: room, createdAt: world.now() };
  return world.conferences.add(made);
}

const participantsOf = (ask: Ask, room: string): Participant[] => {
  const conference = found(conferenceCalled(ask, room), ask);
  return ask.world.participants.group(ask.account.sid, conference.sid);
};

const oneParticipant = (ask: Ask, [room = "", sid = ""]: readonly string[]): Participant =>
  found(
    participantsOf(ask, room).find((participant) => participant.sid === sid),
    ask,
  );

const listParticipants: Handler = (ask, [room = ""]) =>
  page(ask, "participants", participantsOf(ask, room), (participant) => writeParticipant(ask, participant));

const fetchParticipant: Handler = (ask, ids) => ok("Participant", writeParticipant(ask, oneParticipant(ask, ids)));

const updateParticipant: Handler = (ask, ids) => {
  const participant = oneParticipant(ask, ids);
  if (ask.params.text("Muted") !== undefined) participant.muted = ask.params.flag("Muted");
  if (ask.params.text("Hold") !== undefined) participant.hold = ask.params.flag("Hold");
  return ok("Participant", writeParticipant(ask, participant));
};

const removeParticipant: Handler = (ask, ids) => {
  const participant = oneParticipant(ask, ids);
  const call = ask.world.calls.any(participant.sid);
  if (call !== undefined) end(ask.world, call, ask.world.now());
  ask.world.participants.delete(participant.sid);
  return NO_CONTENT;
};

function writeParticipant({ world }: Ask, participant: Participant): JsonObject {
  const call = world.calls.any(participant.sid);
  const at = call?.createdAt ?? world.now();
  const conference = `/2010-04-01/Accounts/${participant.account}/Conferences/${participant.conference}`;
  return {
    account_sid: participant.account,
    call_sid: participant.sid,
    label: participant.label,
    conference_sid: participant.conference,
    date_created: rfc2822(at),
    date_updated: rfc2822(call?.updatedAt ?? at),
    end_conference_on_exit: false,
    muted: participant.muted,
    hold: participant.hold,
    status: call?.status === "in-progress" ? "connected" : call?.status === "queued" ? "queued" : "complete",
    start_conference_on_enter: true,
    coaching: false,
    call_sid_to_coach: null,
    queue_time: "0",
    uri: `${conference}/Participants/${participant.sid}.json`,
  };
}

const listConferences: Handler = (ask) =>
  page(ask, "conferences", ask.world.conferences.newestFirst(ask.account.sid), writeConference);

const fetchConference: Handler = (ask, [sid = ""]) =>
  ok("Conference", writeConference(found(ask.world.conferences.find(ask.account.sid, sid), ask)));

function writeConference(conference: Conference): JsonObject {
  const uri = `/2010-04-01/Accounts/${conference.account}/Conferences/${conference.sid}`;
  return {
    account_sid: conference.account,
    api_version: "2010-04-01",
    call_sid_ending_conference: null,
    date_created: rfc2822(conference.createdAt),
    date_updated: rfc2822(conference.createdAt),
    friendly_name: conference.friendlyName,
    reason_conference_ended: null,
    region: "us1",
    sid: conference.sid,
    status: "in-progress",
    subresource_uris: { participants: `${uri}/Participants.json`, recordings: `${uri}/Recordings.json` },
    uri: `${uri}.json`,
  };
}

// Recordings ------------------------------------------------------------------------------------------------------------

const startRecording: Handler = (ask, ids) => {
  const call = byId(ask, ids);
  const { world, origin } = ask;
  if (call.status !== "in-progress") throw invalid(21220, "Requested resource is not eligible for recording");
  record(world, call, origin, world.now());
  const extra = call.extras.at(-1);
  const sid = extra?.bill.current().objectId ?? "";
  return created("Recording", recordingBody(call.account, call.sid, sid, world.now(), null, null));
};

const listRecordings: Handler = (ask) =>
  page(ask, "recordings", ask.world.recordings.newestFirst(ask.account.sid), writeRecording);

const recordingsOfCall: Handler = (ask, ids) => {
  const call = byId(ask, ids);
  const own = ask.world.recordings.group(ask.account.sid, call.sid);
  return page(ask, "recordings", own, writeRecording);
};

const fetchRecording: Handler = (ask, [sid = ""]) =>
  ok("Recording", writeRecording(found(ask.world.recordings.find(ask.account.sid, sid), ask)));

const removeRecording: Handler = (ask, [sid = ""]) => {
  ask.world.recordings.delete(found(ask.world.recordings.find(ask.account.sid, sid), ask).sid);
  return NO_CONTENT;
};

function writeRecording(recording: Recording): JsonObject {
  const bill = recording.bill.current();
  const price = bill.state === "billed" ? charged(bill.microUsd) : null;
  const { account, call, sid, createdAt, seconds } = recording;
  return recordingBody(account, call, sid, createdAt, seconds, price);
}

function recordingBody(
  account: string,
  call: string,
  sid: string,
  at: number,
  seconds: number | null,
  price: string | null,
): JsonObject {
  const uri = `/2010-04-01/Accounts/${account}/Recordings/${sid}`;
  return {
    account_sid: account,
    api_version: "2010-04-01",
    call_sid: call,
    conference_sid: null,
    channels: 1,
    date_created: rfc2822(at),
    date_updated: rfc2822(at),
    start_time: rfc2822(at),
    price,
    price_unit: "USD",
    duration: seconds === null ? null : String(seconds),
    sid,
    source: "OutboundAPI",
    status: seconds === null ? "in-progress" : "completed",
    error_code: null,
    uri: `${uri}.json`,
    encryption_details: null,
    subresource_uris: { transcriptions: `${uri}/Transcriptions.json` },
    media_url: `https://api.twilio.com${uri}`,
  };
}

export const calls: Readonly<Record<string, Handler>> = {
  "POST api Calls": create,
  "GET api Calls": list,
  "GET api Calls/*": fetch,
  "POST api Calls/*": update,
  "DELETE api Calls/*": remove,
  "POST api Calls/*/Recordings": startRecording,
  "GET api Calls/*/Recordings": recordingsOfCall,
  "GET api Conferences": listConferences,
  "GET api Conferences/*": fetchConference,
  "POST api Conferences/*/Participants": addParticipant,
  "GET api Conferences/*/Participants": listParticipants,
  "GET api Conferences/*/Participants/*": fetchParticipant,
  "POST api Conferences/*/Participants/*": updateParticipant,
  "DELETE api Conferences/*/Participants/*": removeParticipant,
  "GET api Recordings": listRecordings,
  "GET api Recordings/*": fetchRecording,
  "DELETE api Recordings/*": removeRecording,
};
