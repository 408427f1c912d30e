/** The vendors that Keybrake knows. To add one: a folder with the same file names as stripe/, and a line here. */
import type { Vendor } from "@keybrake/core";
import { stripe } from "./stripe/index.ts";

export { stripe };

export const vendors: readonly Vendor[] = [stripe];
