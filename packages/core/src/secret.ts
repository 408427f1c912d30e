// A value that must never be printed. Printing one prints [redacted], by type and not by care; only `expose()` gives the
// value, so a search for that word finds every place that holds a secret in the open.

const REDACTED = "[redacted]";

export class Secret<T> {
  // A #private field is invisible to Object.keys, JSON, spread, structuredClone and every inspector option.
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  expose(): T {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  static {
    // What console.log and util.inspect ask first, even with `customInspect: false` nothing else is there to print:
    // https://nodejs.org/api/util.html#custom-inspection-functions-on-objects
    Object.defineProperty(this.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: () => REDACTED });
  }
}
