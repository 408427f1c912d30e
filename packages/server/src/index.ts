/** The server, for the command line to start. */
import { rebuildTables, verifyJournal } from "@keybrake/store-sqlite";

export { ConfigProblems, readConfig, type Config } from "./config.ts";
export { startServer, type RunningServer } from "./server.ts";

/** Offline proof and repair of the embedded store in a data directory. */
export const verifyAudit: typeof verifyJournal = verifyJournal;
export const rebuildAudit: typeof rebuildTables = rebuildTables;
