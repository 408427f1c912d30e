// Parameters as Twilio reads them: PascalCase names, form-encoded, a name repeated for a list. The query and the body are
// read together, so that whatever slips past a guard in the one or the other has its effect here.

import { isObject, textOf, type JsonObject } from "../shared/json.ts";
import { invalid, missing } from "./errors.ts";

export class Params {
  readonly #values = new Map<string, string[]>();
  readonly #anyCase: boolean;
  /** A JSON body, at the few products that take one. */
  readonly json: JsonObject | undefined;

  /** `anyCase`: believe `to` for `To`. */
  constructor(query: string, contentType: string | undefined, body: Buffer, anyCase: boolean) {
    this.#anyCase = anyCase;
    this.#read(new URLSearchParams(query));
    if (body.length === 0) return;
    if (contentType?.toLowerCase().includes("json") === true) this.json = jsonOf(body);
    else this.#read(new URLSearchParams(body.toString("utf8")));
  }

  #read(pairs: URLSearchParams): void {
    for (const [name, value] of pairs) {
      const key = this.#key(name);
      const known = this.#values.get(key);
      if (known === undefined) this.#values.set(key, [value]);
      else known.push(value);
    }
  }

  #key(name: string): string {
    return this.#anyCase ? name.toLowerCase() : name;
  }

  /** The last of them; undefined where it is not there or empty. */
  text(name: string): string | undefined {
    const value = this.#values.get(this.#key(name))?.at(-1);
    return value === "" ? undefined : value;
  }

  /** Undefined only where the name is not there at all: an empty body erases a message's text. */
  raw(name: string): string | undefined {
    return this.#values.get(this.#key(name))?.at(-1);
  }

  all(name: string): readonly string[] {
    return (this.#values.get(this.#key(name)) ?? []).filter((value) => value !== "");
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missing(name);
    return value;
  }

  flag(name: string): boolean {
    return this.text(name)?.toLowerCase() === "true";
  }

  /** Undefined where absent; a 400 where it is not a whole number in the range. */
  whole(name: string, min: number, max: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw invalid(20001, `${name} must be a whole number from ${min} to ${max}`);
  }
}

function jsonOf(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (isObject(value)) return value;
  } catch {
    // Said below, like any body that is no object.
  }
  throw invalid(20001, "The request body is not a JSON object");
}

export function textField(object: JsonObject, name: string): string | undefined {
  const text = textOf(object[name]);
  return text === "" ? undefined : text;
}
