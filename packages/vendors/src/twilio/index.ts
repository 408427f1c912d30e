/** Twilio, as the vendor port wants it: each member is one file beside this one. */
import type { Vendor } from "@keybrake/core";
import { address, destination, MAIN_HOST, OWN_LINK_MARK, ownLink, standInAccount } from "./addresses.ts";
import { authorization, checkSecret } from "./authenticate.ts";
import { isOwnError, renderRefusal } from "./errors.ts";
import { estimate } from "./estimate.ts";
import { followUp, meter } from "./meter.ts";
import { operations } from "./operations.ts";
import { parameterNames } from "./parameter-names.ts";
import { constrained, readParameters } from "./parameters.ts";
import { checkReach } from "./policy.ts";
import { RATE_CARD } from "./rate-card.ts";

export const twilio: Vendor = {
  id: "twilio",
  displayName: "Twilio",
  mainHost: MAIN_HOST,
  rootPaths: ["/2010-04-01"],
  operations,
  rateCard: RATE_CARD,
  // No product that moves money honours one; what `I-Twilio-Idempotency-Token` would do is documented nowhere.
  idempotency: null,
  // The largest of Twilio's own limits that a body here comes near is that of a flow's definition.
  bodyBytesMax: 1024 * 1024,
  authorization,
  checkSecret,
  standInAccount,
  address,
  destination,
  ownLinkMark: OWN_LINK_MARK,
  ownLink,
  readParameters,
  constrained,
  parameterNames,
  checkReach,
  turnOf: () => null,
  estimate,
  meter,
  followUp,
  isOwnError,
  // The Java SDK sends a 5xx again, up to six times.
  hidesServerErrors: true,
  renderRefusal,
};
