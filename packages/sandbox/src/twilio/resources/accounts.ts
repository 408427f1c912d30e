// Accounts, sub-accounts and their credentials. Every answer here that can carry a secret does, as Twilio's do.

import type { JsonObject } from "../../shared/json.ts";
import { invalid, notFound } from "../errors.ts";
import { NO_CONTENT, created, dollars, found, ok, page, rfc2822 } from "../reply.ts";
import type { Account, ApiKey, Ask, Handler } from "../world.ts";
import { hex } from "../world.ts";

const BALANCE_AT_FIRST_MICRO_USD = 100_000_000n;

const fetch: Handler = ({ account }) => ok("Account", write(account));

/** The account that asks, and its sub-accounts. */
const list: Handler = (ask) => {
  const name = ask.params.text("FriendlyName");
  const own = [...ask.world.accounts.values()].filter(
    (each) =>
      (each.sid === ask.account.sid || each.owner === ask.account.sid) &&
      (name === undefined || each.friendlyName === name),
  );
  return page(ask, "accounts", own.reverse(), write);
};

const create: Handler = ({ world, account, params }) => {
  const name = params.text("FriendlyName") ?? "SubAccount";
  return created("Account", write(world.openAccount(world.newSid("AC"), world.newSecret(), account.sid, name)));
};

const update: Handler = ({ world, account, params }) => {
  const status = params.text("Status");
  if (status !== undefined && status !== "active" && status !== "suspended" && status !== "closed") {
    throw invalid(20001, "Status is one of active, suspended, closed");
  }
  account.status = status ?? account.status;
  account.friendlyName = params.text("FriendlyName") ?? account.friendlyName;
  account.updatedAt = world.now();
  return ok("Account", write(account));
};

function write(account: Account): JsonObject {
  const uri = `/2010-04-01/Accounts/${account.sid}`;
  return {
    auth_token: account.authToken,
    date_created: rfc2822(account.createdAt),
    date_updated: rfc2822(account.updatedAt),
    friendly_name: account.friendlyName,
    owner_account_sid: account.owner,
    sid: account.sid,
    status: account.status,
    subresource_uris: {
      calls: `${uri}/Calls.json`,
      conferences: `${uri}/Conferences.json`,
      incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json`,
      keys: `${uri}/Keys.json`,
      messages: `${uri}/Messages.json`,
      recordings: `${uri}/Recordings.json`,
      usage: `${uri}/Usage.json`,
    },
    type: "Full",
    uri: `${uri}.json`,
  };
}

const balance: Handler = ({ world, account }) =>
  ok("Balance", {
    account_sid: account.sid,
    balance: dollars(BALANCE_AT_FIRST_MICRO_USD - world.truth.billedTo(account.sid), 2),
    currency: "USD",
  });

const createKey: Handler = ({ world, account, params }) => {
  const key: ApiKey = {
    sid: world.newSid("SK"),
    account: account.sid,
    secret: world.newSecret(),
    friendlyName: params.text("FriendlyName") ?? "",
    createdAt: world.now(),
  };
  world.keys.set(key.sid, key);
  return created("Key", { ...writeKey(key), secret: key.secret });
};

const keysOf = ({ world, account }: Ask): ApiKey[] =>
  [...world.keys.values()].filter((key) => key.account === account.sid).reverse();

const listKeys: Handler = (ask) => page(ask, "keys", keysOf(ask), writeKey);

const fetchKey: Handler = (ask, [sid]) =>
  ok(
    "Key",
    writeKey(
      found(
        keysOf(ask).find((key) => key.sid === sid),
        ask,
      ),
    ),
  );

const removeKey: Handler = (ask, [sid]) => {
  const key = keysOf(ask).find((each) => each.sid === sid);
  if (key === undefined) throw notFound(ask.path);
  ask.world.keys.delete(key.sid);
  return NO_CONTENT;
};

function writeKey(key: ApiKey): JsonObject {
  return {
    sid: key.sid,
    friendly_name: key.friendlyName,
    date_created: rfc2822(key.createdAt),
    date_updated: rfc2822(key.createdAt),
  };
}

const createToken: Handler = ({ world, account, params }) => {
  const username = hex(world.options.ids, 64);
  const password = world.newSecret();
  const at = rfc2822(world.now());
  const turn = (url: string): JsonObject => ({ username, credential: password, urls: url, url });
  return created("Token", {
    username,
    ice_servers: [
      { urls: "stun:global.stun.twilio.com:3478", url: "stun:global.stun.twilio.com:3478" },
      turn("turn:global.turn.twilio.com:3478?transport=udp"),
    ],
    date_updated: at,
    account_sid: account.sid,
    ttl: params.text("Ttl") ?? "86400",
    date_created: at,
    password,
  });
};

/** The account itself; the engine gives its SID's handler the account that the path names. */
export const accounts: Readonly<Record<string, Handler>> = {
  "GET api ": fetch,
  "POST api ": update,
  "GET api Balance": balance,
  "POST api Keys": createKey,
  "GET api Keys": listKeys,
  "GET api Keys/*": fetchKey,
  "DELETE api Keys/*": removeKey,
  "POST api SigningKeys": createKey,
  "GET api SigningKeys": listKeys,
  "POST api Tokens": createToken,
};

/** The list of accounts, which no SID stands in front of. */
export const accountList: Readonly<Record<string, Handler>> = { GET: list, POST: create };
