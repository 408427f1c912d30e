// What a handler gets and gives.

import type { JsonObject } from "../shared/json.ts";
import { isObject, textOf } from "../shared/json.ts";
import { invalidField, missingField, unreadableBody } from "./errors.ts";
import type { Origin } from "./truth.ts";
import type { World } from "./world.ts";

export interface Call {
  readonly world: World;
  /** The parsed body; undefined where there was none. */
  readonly body: unknown;
  readonly query: URLSearchParams;
  /** `x-batch-validation: permissive` */
  readonly permissive: boolean;
  readonly origin: Origin;
}

export interface Reply {
  readonly status: number;
  readonly body: JsonObject;
}

/** `ids` are the path's, in its order. */
export type Handler = (call: Call, ids: readonly string[]) => Reply;

export const ok = (body: JsonObject): Reply => ({ status: 200, body });
export const created = (body: JsonObject): Reply => ({ status: 201, body });

/** A body that has to be an object. */
export function objectOf(call: Call): JsonObject {
  if (!isObject(call.body)) throw unreadableBody();
  return call.body;
}

/** The same, where a request may have no body. */
export function optionalObjectOf(call: Call): JsonObject {
  return call.body === undefined ? {} : objectOf(call);
}

export function requiredText(body: JsonObject, field: string): string {
  const text = textOf(body[field]);
  if (text === "") throw missingField(field);
  return text;
}

export function optionalText(body: JsonObject, field: string): string | null {
  const value = body[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw invalidField(`The \`${field}\` field is a text.`);
  return value;
}

/** A path that has an id has it here; the router saw to that. */
export function idOf(ids: readonly string[], place = 0): string {
  return ids[place] ?? "";
}
