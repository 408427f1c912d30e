/** The audit, asked over the control API: one row a call, newest first. */
import { expect } from "vitest";
import type { Json, KeybrakeProcess } from "./keybrake.ts";

const PAGE = 500;

/** Rows newer than the call `since`, or all; `query` narrows them (`key_id=...`). */
export async function auditRows(
  keybrake: KeybrakeProcess,
  query: string = "",
  since: string | null = null,
): Promise<Json[]> {
  const all: Json[] = [];
  let cursor = "";
  for (;;) {
    const path = `/audit/calls?limit=${PAGE}&${query}${cursor}`;
    const { status, body } = await keybrake.api<{ data: Json[]; next_cursor: string | null }>("GET", path);
    expect(status).toBe(200);
    const known = since === null ? -1 : body.data.findIndex((row) => row["call_id"] === since);
    all.push(...(known === -1 ? body.data : body.data.slice(0, known)));
    if (known !== -1 || body.next_cursor === null) return all;
    cursor = `&cursor=${body.next_cursor}`;
  }
}

/** The id of the newest call, for `auditRows(..., since)`. */
export async function newestCall(keybrake: KeybrakeProcess): Promise<string | null> {
  const { body } = await keybrake.api<{ data: Json[] }>("GET", "/audit/calls?limit=1");
  const newest = body.data[0]?.["call_id"];
  return typeof newest === "string" ? newest : null;
}
