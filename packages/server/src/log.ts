/** The log: JSON lines on stderr, so that stdout stays for people. Events are flat and carry no bodies, tokens or secrets. */
import { pino, type Logger } from "pino";

export type Log = Logger;

export function createLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: false }),
  );
}

/** One line an event; its level decides whether it is written. */
export function eventWriter(log: Log): (event: { readonly level: "info" | "warn" | "error" }) => void {
  return ({ level, ...event }) => log[level](event);
}
