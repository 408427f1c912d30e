/**
 * Twilio's operations as data, all that it publishes: method, path, name, class and directions, and after `#` the reason where the
 * class is not obvious. What is not in this table is refused as unknown. The columns are those of ../table.ts; the text is too long
 * for one file and stands in operations/, by host.
 * Source: the npm package twilio 6.2.0, 1,564 operations on 38 hosts; the test reads the package, so that a newer one shows what is
 * missing here. Paths are those at Keybrake: `/2010-04-01/...` for the api host, `/<subdomain>/<version>/...` for every other.
 *
 * Names are the path's words and the verb of Twilio's SDKs, after the subdomain for every host but api; folders that say nothing
 * (Services, Workspaces, Flows, ControlPlane) are left out where nothing else has the name, and a resource that a newer version has
 * too carries its version (`lookups.v1.phone_numbers.fetch`).
 * - `money`: what the request says is enough to price it at most, or estimate.ts says of this very request that it is unbounded.
 * - `unbounded`: the request does not say; fees that recur until something is given back; settings that switch on paid processing;
 *   and what bills at a price that no API of Twilio's publishes.
 * - `secret-bearing`: hands out a credential, or makes a way to call, send or run code that bypasses Keybrake. With `redacts` it
 *   passes, and the answer's fields of these names are blanked out.
 * - `free`: also what says where calls and messages that come in are sent, unless that opens spending; and every DELETE, since giving
 *   back costs nothing.
 * Three look-ups are `money` though two of them are a GET: they bill.
 */
import type { OperationTable } from "@keybrake/core";
import { readOperations } from "../table.ts";
import { API_OPERATIONS } from "./operations/api.ts";
import { MESSAGING_OPERATIONS } from "./operations/messaging.ts";
import { NUMBERS_OPERATIONS } from "./operations/numbers.ts";
import { PLATFORM_OPERATIONS } from "./operations/platform.ts";
import { VOICE_OPERATIONS } from "./operations/voice.ts";

export const operations: OperationTable = readOperations(
  [API_OPERATIONS, MESSAGING_OPERATIONS, VOICE_OPERATIONS, NUMBERS_OPERATIONS, PLATFORM_OPERATIONS].join("\n"),
);
