/**
 * Turns: calls that could change what another one was priced by go one after the other. In this process only, which is enough as long as
 * one process owns the data; a store that many share will have to give them out.
 */
export interface Turns {
  /** Resolves with how to end the turn; null when it did not come in time. */
  take(name: string, waitMs: number): Promise<(() => void) | null>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    async take(name, waitMs) {
      const before = last.get(name) ?? Promise.resolve();
      let end: () => void = () => {};
      const mine = before.then(() => new Promise<void>((resolve) => (end = resolve)));
      last.set(name, mine);
      void mine.then(() => {
        if (last.get(name) === mine) last.delete(name);
        return;
      });
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<"too late">((resolve) => {
        timer = setTimeout(() => resolve("too late"), waitMs);
      });
      const came = await Promise.race([before, tooLate]);
      clearTimeout(timer);
      if (came !== "too late") return () => end();
      // Whoever is behind us must not wait for a turn that nobody takes.
      void before.then(() => end());
      return null;
    },
  };
}
