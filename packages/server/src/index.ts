/** The server, for the command line to start. */
import { rebuildTables, verifyJournal } from "@keybrake/store-sqlite";
import { vendors } from "@keybrake/vendors";
import { readConfig as read, type Config } from "./config.ts";

export { ConfigProblems, type Config } from "./config.ts";
export { startServer, type RunningServer } from "./server.ts";

/** Settings from an environment, for the vendors that this build knows. Throws ConfigProblems. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  return read(
    environment,
    vendors.map((vendor) => vendor.id),
  );
}

/** Offline proof and repair of the embedded store in a data directory. */
export const verifyAudit: typeof verifyJournal = verifyJournal;
export const rebuildAudit: typeof rebuildTables = rebuildTables;
