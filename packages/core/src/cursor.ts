/** Cursors of listings: the place of the last row shown, as opaque text. A row's place never changes, so pages stay stable while rows arrive. */
import { Fault } from "./invariant.ts";

const PREFIX = "after";

export function formatCursor(place: number): string {
  return `${PREFIX}${place.toString(36)}`;
}

/** Throws the fault `cursor_invalid` for text that no store gave. */
export function readCursor(text: string): number {
  const match = /^after([0-9a-z]{1,10})$/.exec(text);
  if (match?.[1] === undefined)
    throw new Fault("cursor_invalid", "The cursor is not one that this server gave. Start again without one.");
  return Number.parseInt(match[1], 36);
}
