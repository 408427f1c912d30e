/** How to call this command line again: hints name what exists where the person is, in a checkout or beside the package. */

/** Sources run only from a checkout; the package holds a bundle. */
const isCheckout = import.meta.url.endsWith(".ts");

/** @example again("audit list") // "npm run -s keybrake -- audit list", from the package "npx keybrake audit list" */
export function again(words: string): string {
  if (!isCheckout) return `${npx()} ${words}`;
  if (words === "serve") return "npm start";
  return words === "demo" ? "npm run demo" : `npm run -s keybrake -- ${words}`;
}

/** npx hands on what it was told to fetch: `npx --package <file> keybrake`. */
function npx(): string {
  const from = process.env["npm_command"] === "exec" ? (process.env["npm_config_package"] ?? "") : "";
  return from === "" ? "npx keybrake" : `npx --package ${from} keybrake`;
}

const COMMANDS =
  /(?<!npx |[-\w])keybrake ((?:serve|demo|doctor|operations)\b|(?:keys|credentials|audit|api-keys|prices) [a-z]+\b)/g;

/** Sentences of the server and the client name the bare command. */
export function withRealCommands(text: string): string {
  return text.replace(COMMANDS, (_all, words: string) => again(words));
}
