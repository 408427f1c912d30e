/** The server, for the command line to start. */
export { ConfigProblems, readConfig, type Config } from "./config.ts";
export { startServer, type RunningServer } from "./server.ts";
