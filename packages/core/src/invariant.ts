// Two of the three kinds of bad news: a fault (the world failed) and an invariant violation (we are wrong). The third, a
// refusal, is a value and lives in refusal.ts. Nothing here is ever shown to a caller except `publicMessage`.

/** We are wrong. The call that meets one fails, the process stays up, and somebody must be told. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/**
 * Throws `InvariantViolation` unless the condition holds. For what can only be false if our own code is wrong, never for
 * what a caller or a vendor may send.
 *
 * @example invariant(hold.microUsd >= 0n, "a hold is never negative");
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/** For the `default` of a switch that handles every kind: the compiler names the kind that was forgotten. */
export function unreachable(value: never): never {
  const kind = (value as { kind?: unknown } | null | undefined)?.kind ?? value;
  throw new InvariantViolation(`a switch met a value it was never meant to see: ${describe(kind)}`);
}

// Only words are printed: an object could carry anything, and this text ends up in a log.
function describe(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint"
    ? String(value).slice(0, 80)
    : typeof value;
}

/** The world failed: a disk, a database, a network, a file that is not what it should be. */
export class Fault extends Error {
  override readonly name = "Fault";
  /** Stable, for programs. */
  readonly code: string;
  /** A sentence for the caller that says what to do next. The only part that may leave the process. */
  readonly publicMessage: string;
  /** For our own log. */
  readonly note: string | undefined;

  constructor(code: string, publicMessage: string, options: { cause?: unknown; note?: string } = {}) {
    super(
      options.note === undefined ? `${code}: ${publicMessage}` : `${code}: ${publicMessage} (${options.note})`,
      "cause" in options ? { cause: options.cause } : {},
    );
    this.code = code;
    this.publicMessage = publicMessage;
    this.note = options.note;
  }
}
