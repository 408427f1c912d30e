/** How a request of the control API ends badly: a value with a stable code and a sentence that says what to do next. Never thrown. */

export interface Problem {
  readonly kind: "problem";
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 500 | 503;
  readonly code: string;
  readonly message: string;
  /** The part of the request that is wrong: `caps[0].limit_usd`. */
  readonly field?: string;
  /** Machine-readable numbers and names, rendered beside the message. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export function problem(
  status: Problem["status"],
  code: string,
  message: string,
  more: Pick<Problem, "field" | "facts" | "headers"> = {},
): Problem {
  return { kind: "problem", status, code, message, ...more };
}

/** A field of the request that cannot stand as it is. */
export function badField(field: string, message: string, facts?: Readonly<Record<string, unknown>>): Problem {
  return problem(400, "invalid_field", message, facts === undefined ? { field } : { field, facts });
}

export function notFound(what: string): Problem {
  return problem(404, "not_found", `There is no ${what} of this id here.`);
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "problem";
}

export function problemBody(value: Problem): unknown {
  const { code, message, field, facts } = value;
  return { error: { code, message, ...(field === undefined ? {} : { field }), ...facts } };
}
