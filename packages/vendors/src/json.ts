/** Reads JSON that may be anything. Never throws; tells no vendor from another. */
import { decodeUtf8 } from "./form.ts";

/** A body's JSON; undefined when there is none or it cannot be read. */
export function readJson(body: Uint8Array | null): unknown {
  const text = body === null ? null : decodeUtf8(body);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
