/** How a request to Keybrake ends badly. The message is for people; it never holds the API key or a secret that was sent. */

export class KeybrakeApiError extends Error {
  override readonly name = "KeybrakeApiError";
  /** Null when no answer came. */
  readonly status: number | null;
  /** Keybrake's code for programs; `unreachable`, `timeout`, `not_keybrake` or `api_key_malformed` when it was not asked or did not answer. */
  readonly code: string;
  /** The part of the request that was wrong: `caps[0].limit_usd`. */
  readonly field: string | undefined;
  /** The answer as it came, parsed; null when there was none. */
  readonly body: unknown;

  constructor(
    message: string,
    facts: { readonly status: number | null; readonly code: string; readonly field?: string; readonly body?: unknown },
  ) {
    super(message);
    this.status = facts.status;
    this.code = facts.code;
    this.field = facts.field;
    this.body = facts.body ?? null;
  }
}

/** The error that an answer stands for. */
export function errorOf(status: number, body: unknown, url: string): KeybrakeApiError {
  const error = memberOf(body, "error");
  const code = memberOf(error, "code");
  const message = memberOf(error, "message");
  const field = memberOf(error, "field");
  if (typeof code !== "string" || typeof message !== "string") return notKeybrake(status, body, url);
  return new KeybrakeApiError(message, { status, code, body, ...(typeof field === "string" ? { field } : {}) });
}

export function notKeybrake(status: number, body: unknown, url: string): KeybrakeApiError {
  return new KeybrakeApiError(
    `${url} answers ${status}, but not as Keybrake does. Is this its address, and does nothing in between answer for it?`,
    { status, code: "not_keybrake", body },
  );
}

/** Only the cause's code is told: its message can hold what was being sent. */
export function unreachable(cause: unknown, url: string, timeoutMs: number): KeybrakeApiError {
  if (memberOf(cause, "name") === "TimeoutError")
    return new KeybrakeApiError(
      `${url} has not answered within ${timeoutMs / 1000} seconds. What was asked may have happened all the same.`,
      { status: null, code: "timeout" },
    );
  const code = memberOf(memberOf(cause, "cause"), "code");
  return new KeybrakeApiError(
    `No Keybrake answers on ${url}${typeof code === "string" ? ` (${code})` : ""}. Start it: keybrake serve. If it runs elsewhere, say where: KEYBRAKE_URL.`,
    { status: null, code: "unreachable" },
  );
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
