/** `keybrake api-keys`: keys for the control API, with scopes and, for issuers, ceilings. */
import type { ApiKeyAnswer, CeilingsInput } from "@keybrake/client";
import type { Command } from "commander";
import { connect } from "../connection.ts";
import { idOf } from "../named.ts";
import { json, paint, remark, say, table } from "../terminal.ts";

interface CreateOptions {
  readonly name: string;
  readonly scope: readonly ApiKeyAnswer["scopes"][number][];
  readonly vendor?: readonly string[];
  readonly credential?: readonly string[];
  readonly labelPrefix?: string;
  readonly allow?: readonly string[];
  readonly dailyCap?: string;
  readonly totalCap?: string;
  readonly perCallCap?: string;
  readonly expiresIn?: string;
  readonly json?: boolean;
}

export function apiKeysCommand(program: Command): void {
  const apiKeys = program.command("api-keys").description("create, list and revoke keys for the control API");

  apiKeys
    .command("create")
    .description("make an API key; it is shown once")
    .requiredOption("--name <name>")
    .requiredOption("--scope <scope...>", "issue, read, operate, admin")
    .option("--vendor <vendor...>", "ceiling: vendors it may issue keys for")
    .option("--credential <name...>", "ceiling: credentials it may use")
    .option("--label-prefix <prefix>", "ceiling: how its keys' labels must begin")
    .option("--allow <pattern...>", "ceiling: endpoints it may hand out")
    .option("--daily-cap <usd>", "ceiling: highest daily cap")
    .option("--total-cap <usd>", "ceiling: highest total cap")
    .option("--per-call-cap <usd>", "ceiling: highest per-call cap")
    .option("--expires-in <duration>", "ceiling: longest life of a key")
    .option("--json", "the answer as JSON")
    .action(async (options: CreateOptions) => {
      const ceilings: CeilingsInput = {
        vendors: options.vendor,
        credentials: options.credential,
        agent_run_label_prefix: options.labelPrefix,
        allowed_endpoints: options.allow,
        daily_usd_cap: options.dailyCap,
        total_usd_cap: options.totalCap,
        per_call_usd_cap: options.perCallCap,
        expires_in: options.expiresIn,
      };
      const hasCeilings = Object.values(ceilings).some((each) => each !== undefined);
      const created = await connect().createApiKey({
        name: options.name,
        scopes: options.scope,
        ...(hasCeilings ? { ceilings } : {}),
      });
      if (options.json === true) return say(json(created));
      say(`${created.id} "${created.name}" may ${created.scopes.join(", ")}`);
      say(`${paint("bold", "API key")}  ${created.api_key}`);
      remark("It is shown once.");
    });

  apiKeys
    .command("list")
    .option("--json", "the answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const answer = await connect().listApiKeys();
      if (options.json === true) return say(json(answer.data));
      say(
        table<ApiKeyAnswer>(
          [
            { title: "API KEY", value: (each) => each.id },
            { title: "NAME", value: (each) => each.name, narrow: "cut" },
            { title: "SCOPES", value: (each) => each.scopes.join(" "), narrow: "cut" },
            { title: "STATUS", value: (each) => each.status },
            { title: "CEILINGS", value: ceilingsOf, narrow: "cut" },
            { title: "CREATED", value: (each) => each.created_at ?? "-", narrow: "left out" },
          ],
          answer.data,
        ),
      );
    });

  apiKeys
    .command("revoke <id>")
    .description("by id or name; the keys that it issued live on: revoke them too if it was stolen")
    .action(async (idOrName: string) => {
      const client = connect();
      const { data } = await client.listApiKeys();
      // A name may be used again once its first bearer is revoked.
      const meant = data.filter((each) => each.status === "active" || each.id === idOrName);
      const revoked = await client.revokeApiKey(idOf(idOrName, meant, "active API key"));
      say(`${revoked.id} revoked at ${revoked.revoked_at}`);
    });
}

function ceilingsOf(apiKey: ApiKeyAnswer): string {
  if (apiKey.ceilings === null) return "-";
  return Object.entries(apiKey.ceilings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join("|") : String(value)}`)
    .join(" ");
}
