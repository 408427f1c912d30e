/** The API's sentences name fields; who typed options is told of options. */

const OPTIONS: Readonly<Record<string, string>> = {
  daily_usd_cap: "--daily-cap",
  total_usd_cap: "--total-cap",
  per_call_usd_cap: "--per-call-cap",
  allowed_endpoints: "--allow",
  expires_in: "--expires-in",
  expires_at: "--expires-at",
  agent_run_label: "--label",
  agent_run_label_prefix: "--label-prefix",
  on_decline: "--on-decline",
  account_id: "--account-id",
  workflow_id: "--workflow-id",
  run_id: "--run-id",
  key_id: "--key",
};
/** Ordinary words, so they are fields only at the beginning of a sentence: `credential is beyond ...`. */
const WORDS: Readonly<Record<string, string>> = {
  vendor: "--vendor",
  vendors: "--vendor",
  credential: "--credential",
  credentials: "--credential",
  name: "--name",
  namespace: "--namespace",
  scopes: "--scope",
  uncapped: "--uncapped",
  label: "--label",
  limit: "--limit",
  status: "--status",
  verdict: "--verdict",
  outcome: "--outcome",
  from: "--from",
  to: "--to",
};

const FIELD = new RegExp(`(?:\\b(?:ceilings|temporal)\\.)?\\b(${Object.keys(OPTIONS).join("|")})\\b(\\[\\d+\\])?`, "g");
const FIRST_WORD = new RegExp(`^(?:(?:ceilings|temporal)\\.)?(${Object.keys(WORDS).join("|")})(\\[\\d+\\])?(?= [a-z])`);

/** @example inOptionWords("total_usd_cap is required.") // "--total-cap is required." */
export function inOptionWords(message: string): string {
  return message
    .replace("daily_usd_cap, total_usd_cap or caps", "--daily-cap or --total-cap")
    .replace('say "uncapped": true', "say --uncapped")
    .replace(FIELD, (_all, field: string, at: string | undefined) => `${OPTIONS[field] ?? field}${place(at)}`)
    .replace(FIRST_WORD, (_all, field: string, at: string | undefined) => `${WORDS[field] ?? field}${place(at)}`)
    .replace(
      /must be dollars as a number or decimal text \("10\.50"\)/,
      "must be dollars without $ and commas (10.50)",
    );
}

/** `[1]` is the second value that the option was given; a lone first one needs no number. */
function place(at: string | undefined): string {
  const index = Number(at?.slice(1, -1) ?? "0");
  return index === 0 ? "" : ` (value ${index + 1})`;
}
