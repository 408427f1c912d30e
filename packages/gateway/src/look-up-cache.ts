/**
 * Answers to look-ups that are the same for every call of a credential: price lists. Kept for as long as the question says; while the
 * vendor does not answer, an older one is used up to its age limit. In memory only: a restart asks again.
 */
import type { CredentialId, Instant, LookUp, LookUpAnswer } from "@keybrake/core";

/** A vendor has one price list a country and product: about two thousand. Beyond it the oldest answer goes. */
const ANSWERS_MAX = 4_096;

export interface LookUpCache {
  /** Null: not asked yet, or too long ago. */
  get(credentialId: CredentialId, question: LookUp, now: Instant): LookUpAnswer | null;
  /** What may still be used while the vendor does not answer. */
  stale(credentialId: CredentialId, question: LookUp, now: Instant): LookUpAnswer | null;
  /** Only for questions that may be kept, and only good answers. */
  put(credentialId: CredentialId, question: LookUp, answer: LookUpAnswer, now: Instant): void;
  /** All are asked again. Returns how many there were. */
  clear(): number;
}

export function createLookUpCache(): LookUpCache {
  const answers = new Map<string, { readonly at: Instant; readonly answer: LookUpAnswer }>();
  const within = (credentialId: CredentialId, question: LookUp, now: Instant, ms: number | undefined) => {
    if (ms === undefined) return null;
    const kept = answers.get(nameOf(credentialId, question));
    return kept !== undefined && now - kept.at < ms ? kept.answer : null;
  };
  return {
    get: (credentialId, question, now) => within(credentialId, question, now, question.cache?.freshMs),
    stale: (credentialId, question, now) => within(credentialId, question, now, question.cache?.staleMs),
    put(credentialId, question, answer, now) {
      if (question.cache === undefined || answer.status !== 200) return;
      const name = nameOf(credentialId, question);
      answers.delete(name);
      answers.set(name, { at: now, answer });
      if (answers.size <= ANSWERS_MAX) return;
      for (const oldest of answers.keys()) return void answers.delete(oldest);
    },
    clear() {
      const { size } = answers;
      answers.clear();
      return size;
    },
  };
}

function nameOf(credentialId: CredentialId, { path, query }: LookUp): string {
  return `${credentialId} ${path}?${query}`;
}
