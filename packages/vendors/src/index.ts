/** The vendors that Keybrake knows. To add one: a folder with the same file names as stripe/, and a line here. */
import type { Vendor } from "@keybrake/core";
import { resend } from "./resend/index.ts";
import { stripe } from "./stripe/index.ts";
import { twilio } from "./twilio/index.ts";

export { describedVendor, readDescription } from "./described/index.ts";
export type { DescriptionProblem } from "./described/index.ts";
export { resend, stripe, twilio };

export const vendors: readonly Vendor[] = [stripe, twilio, resend];
