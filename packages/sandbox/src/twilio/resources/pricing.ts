// The pricing product: what `prices.ts` invents, in the shapes that Twilio publishes. `base_price` is the list price, a tenth
// above the `current_price` that the account pays: whoever reads the wrong one is seen to.

import type { JsonObject } from "../../shared/json.ts";
import { e164 } from "../address.ts";
import { notFound } from "../errors.ts";
import {
  COUNTRIES,
  countryNamed,
  countryOf,
  voicePrice,
  voicePrices,
  type Country,
  type VoicePrice,
} from "../prices.ts";
import { dollars, hostUrl, ok, page } from "../reply.ts";
import type { Handler } from "../world.ts";

function both(microUsd: bigint): { base_price: string; current_price: string } {
  return { base_price: dollars(microUsd + microUsd / 10n, 4), current_price: dollars(microUsd, 4) };
}

const typed = (prices: Readonly<Record<string, bigint>>): JsonObject[] =>
  Object.entries(prices).map(([number_type, microUsd]) => ({ number_type, ...both(microUsd) }));

const countries =
  (root: string): Handler =>
  (ask) => {
    const known = COUNTRIES.map((country) => ({ sid: country.iso, name: country.name }));
    return page(ask, "countries", known, ({ sid, name }) => ({
      country: name,
      iso_country: sid,
      url: `${hostUrl("pricing")}/${root}/Countries/${sid}`,
    }));
  };

const country =
  (root: string, write: (country: Country) => JsonObject): Handler =>
  (ask, [iso = ""]) => {
    const known = countryNamed(iso);
    if (known === undefined) throw notFound(ask.path);
    return ok("Country", {
      country: known.name,
      iso_country: known.iso,
      ...write(known),
      price_unit: "USD",
      url: `${hostUrl("pricing")}/${root}/Countries/${known.iso}`,
    });
  };

function messaging(known: Country): JsonObject {
  return {
    inbound_sms_prices: typed({ local: known.inboundSms }),
    outbound_sms_prices: known.carriers.map(({ name, mcc, mnc, sms }) => ({
      carrier: name,
      mcc,
      mnc,
      prices: typed(sms),
    })),
  };
}

function writeVoice({ name, destinations, origins, perMinute }: VoicePrice): JsonObject {
  const prefixes = { destination_prefixes: destinations, origination_prefixes: origins };
  return { ...both(perMinute), ...prefixes, friendly_name: name };
}

function voice(known: Country): JsonObject {
  return {
    inbound_call_prices: typed({ local: known.inboundVoice }),
    outbound_prefix_prices: known.voice.map(writeVoice),
  };
}

function voiceV1(known: Country): JsonObject {
  return {
    inbound_call_prices: typed({ local: known.inboundVoice }),
    outbound_prefix_prices: known.voice
      .filter((price) => price.origins.includes("ALL"))
      .map(({ name, destinations, perMinute }) => ({
        ...both(perMinute),
        prefixes: destinations,
        friendly_name: name,
      })),
  };
}

/** Trunking has prices of its own; here, those of voice less a third. */
function trunking(known: Country): JsonObject {
  return {
    originating_call_prices: typed({ local: known.inboundVoice / 2n }),
    terminating_prefix_prices: known.voice.map((price) =>
      writeVoice({ ...price, perMinute: (price.perMinute * 2n) / 3n }),
    ),
  };
}

const number: Handler = (ask, [given = ""]) => {
  const to = e164(given);
  const known = to === undefined ? undefined : countryOf(to);
  if (to === undefined || known === undefined) throw notFound(ask.path);
  const from = ask.params.text("OriginationNumber");
  const prices = from === undefined ? voicePrices(to) : onlyOne(voicePrice(to, e164(from) ?? ""));
  return ok("Number", {
    country: known.name,
    destination_number: to,
    inbound_call_price: { base_price: null, current_price: null, number_type: null },
    iso_country: known.iso,
    origination_number: from ?? null,
    outbound_call_prices: prices.map(({ origins, perMinute }) => ({
      ...both(perMinute),
      origination_prefixes: origins,
    })),
    price_unit: "USD",
    url: `${hostUrl("pricing")}/v2/Voice/Numbers/${to}`,
  });
};

function onlyOne(price: VoicePrice | undefined): readonly VoicePrice[] {
  return price === undefined ? [] : [price];
}

const products: readonly (readonly [root: string, write: (known: Country) => JsonObject])[] = [
  ["v1/Messaging", messaging],
  ["v1/PhoneNumbers", (known) => ({ phone_number_prices: typed(known.numbers) })],
  ["v1/Voice", voiceV1],
  ["v2/Voice", voice],
  ["v2/Trunking", trunking],
];

export const pricing: Readonly<Record<string, Handler>> = {
  ...Object.fromEntries(products.map(([root]) => [`GET pricing ${root}/Countries`, countries(root)])),
  ...Object.fromEntries(products.map(([root, write]) => [`GET pricing ${root}/Countries/*`, country(root, write)])),
  "GET pricing v2/Voice/Numbers/*": number,
};
