// Phone numbers: bought at once, paid every month from then on, until they are given back.

import type { JsonObject } from "../../shared/json.ts";
import { e164 } from "../address.ts";
import { invalid } from "../errors.ts";
import { countryOf, isTollFree } from "../prices.ts";
import { NO_CONTENT, created, found, ok, page, rfc2822 } from "../reply.ts";
import type { Origin } from "../truth.ts";
import type { Ask, Handler, World } from "../world.ts";

type NumberType = "local" | "mobile" | "toll free";

export interface PhoneNumber {
  readonly sid: string;
  readonly account: string;
  readonly number: string;
  readonly type: NumberType;
  readonly monthlyMicroUsd: bigint;
  readonly origin: Origin;
  readonly createdAt: number;
  friendlyName: string;
  released: boolean;
}

/** A month, near enough for a fake. */
const MONTH_MS = 30 * 86_400_000;

const buy =
  (asked: NumberType | null): Handler =>
  (ask) => {
    const { params, world, account, origin } = ask;
    const given = params.text("PhoneNumber");
    const areaCode = params.text("AreaCode");
    if (given === undefined && areaCode === undefined) throw invalid(21402, "PhoneNumber or AreaCode is required");
    const number =
      given === undefined ? `+1${areaCode}555${String(world.whole(0, 9999)).padStart(4, "0")}` : e164(given);
    if (number === undefined || number === "+15005550001") throw invalid(21421, `${given} is not a valid number`);
    if (number === "+15005550000") throw invalid(21422, "The phone number you requested is not available");
    const country = countryOf(number);
    const type = asked ?? (isTollFree(number) ? "toll free" : "local");
    const monthlyMicroUsd = country?.numbers[type];
    if (monthlyMicroUsd === undefined) throw invalid(21452, `No phone numbers of this kind found for ${number}`);
    const owned = world.numbers.group(account.sid, number).length > 0;
    if (owned) throw invalid(21422, "The phone number you requested is not available");
    const bought = world.numbers.add({
      sid: world.newSid("PN"),
      account: account.sid,
      number,
      type,
      monthlyMicroUsd,
      origin,
      createdAt: world.now(),
      friendlyName: params.text("FriendlyName") ?? number,
      released: false,
    });
    payMonth(world, bought, bought.createdAt);
    return created("IncomingPhoneNumber", write(bought));
  };

function payMonth(world: World, bought: PhoneNumber, at: number): void {
  if (bought.released) return;
  const facts = {
    kind: "phone_number",
    objectId: bought.sid,
    account: bought.account,
    category: "phonenumbers",
    what: `${bought.number} (${bought.type})`,
    unit: "month",
    units: 1,
    unitMicroUsd: bought.monthlyMicroUsd,
  } as const;
  world.truth.billNow(facts, bought.origin, at);
  world.due.at(at + MONTH_MS, (next) => payMonth(world, bought, next));
}

const byId = (ask: Ask, [sid = ""]: readonly string[]): PhoneNumber =>
  found(ask.world.numbers.find(ask.account.sid, sid), ask);

const list =
  (type: NumberType | null): Handler =>
  (ask) => {
    const number = ask.params.text("PhoneNumber");
    const own = ask.world.numbers.newestFirst(ask.account.sid);
    return page(
      ask,
      "incoming_phone_numbers",
      own.filter((each) => (number === undefined || each.number === number) && (type === null || each.type === type)),
      write,
    );
  };

const fetch: Handler = (ask, ids) => ok("IncomingPhoneNumber", write(byId(ask, ids)));

const update: Handler = (ask, ids) => {
  const number = byId(ask, ids);
  number.friendlyName = ask.params.text("FriendlyName") ?? number.friendlyName;
  return ok("IncomingPhoneNumber", write(number));
};

const release: Handler = (ask, ids) => {
  const number = byId(ask, ids);
  number.released = true;
  ask.world.numbers.delete(number.sid);
  return NO_CONTENT;
};

function write(number: PhoneNumber): JsonObject {
  return {
    account_sid: number.account,
    address_requirements: "none",
    address_sid: null,
    api_version: "2010-04-01",
    beta: false,
    capabilities: { voice: true, sms: true, mms: number.number.startsWith("+1"), fax: false },
    date_created: rfc2822(number.createdAt),
    date_updated: rfc2822(number.createdAt),
    emergency_status: "Inactive",
    emergency_address_sid: null,
    emergency_address_status: "unregistered",
    friendly_name: number.friendlyName,
    identity_sid: null,
    origin: "twilio",
    phone_number: number.number,
    sid: number.sid,
    sms_application_sid: "",
    sms_fallback_method: "POST",
    sms_fallback_url: "",
    sms_method: "POST",
    sms_url: "",
    status_callback: "",
    status_callback_method: "POST",
    trunk_sid: null,
    uri: `/2010-04-01/Accounts/${number.account}/IncomingPhoneNumbers/${number.sid}.json`,
    voice_application_sid: "",
    voice_caller_id_lookup: false,
    voice_fallback_method: "POST",
    voice_fallback_url: null,
    voice_method: "POST",
    voice_url: null,
    bundle_sid: null,
    voice_receive_mode: "voice",
    status: "in-use",
    type: number.type,
  };
}

export const numbers: Readonly<Record<string, Handler>> = {
  "POST api IncomingPhoneNumbers": buy(null),
  "POST api IncomingPhoneNumbers/Local": buy("local"),
  "POST api IncomingPhoneNumbers/Mobile": buy("mobile"),
  "POST api IncomingPhoneNumbers/TollFree": buy("toll free"),
  "GET api IncomingPhoneNumbers": list(null),
  "GET api IncomingPhoneNumbers/Local": list("local"),
  "GET api IncomingPhoneNumbers/Mobile": list("mobile"),
  "GET api IncomingPhoneNumbers/TollFree": list("toll free"),
  "GET api IncomingPhoneNumbers/*": fetch,
  "POST api IncomingPhoneNumbers/*": update,
  "DELETE api IncomingPhoneNumbers/*": release,
};
