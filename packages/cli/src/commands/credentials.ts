/** `keybrake credentials`: the vendors' real secrets. They come in by stdin or KEYBRAKE_SECRET and never go out. */
import type { Client, CredentialAnswer } from "@keybrake/client";
import type { Command } from "commander";
import { connect } from "../connection.ts";
import { again } from "../invocation.ts";
import { idOf } from "../named.ts";
import { readSecret } from "../secrets.ts";
import { json, remark, say, shown, table } from "../terminal.ts";
import { modeOf } from "./keys.ts";

const SECRET = { environmentName: "KEYBRAKE_SECRET", what: "the vendor's secret" } as const;

export function credentialsCommand(program: Command): void {
  const credentials = program
    .command("credentials")
    .description("add, list, rotate and remove the vendors' real secrets");

  credentials
    .command("add")
    .description("seal a secret; it is read from stdin or KEYBRAKE_SECRET")
    .requiredOption("--vendor <vendor>")
    .requiredOption("--name <name>", "what you call it")
    .option("--account-id <id>", "the vendor's account id, where the vendor's authentication needs one")
    .option("--default", "use it for keys that name no credential")
    .option("--json", "the answer as JSON")
    .action(
      async (options: { vendor: string; name: string; accountId?: string; default?: boolean; json?: boolean }) => {
        const client = connect();
        const credential = await client.addCredential({
          vendor: options.vendor,
          name: options.name,
          secret: await readSecret(SECRET),
          account_id: options.accountId,
          default: options.default,
        });
        if (options.json === true) say(json(credential));
        else say(`${credential.id} added: ${described(credential)}${credential.default ? ", the default" : ""}`);
      },
    );

  credentials
    .command("list")
    .option("--json", "the answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const answer = await connect().listCredentials();
      if (options.json === true) return say(json(answer.data));
      if (answer.data.length === 0) return remark(`No credentials yet. Add one: ${again("credentials add --help")}`);
      say(
        table<CredentialAnswer>(
          [
            { title: "CREDENTIAL", value: (each) => each.id },
            { title: "VENDOR", value: (each) => each.vendor },
            { title: "NAME", value: (each) => each.name, narrow: "cut" },
            { title: "MODE", value: modeOf },
            { title: "DEFAULT", value: (each) => (each.default ? "yes" : "") },
            { title: "ADDED", value: (each) => each.created_at, narrow: "left out" },
            { title: "ROTATED", value: (each) => each.rotated_at ?? "-", narrow: "left out" },
          ],
          answer.data,
        ),
      );
    });

  credentials
    .command("rotate <id>")
    .description(
      "replace the secret of a credential, by id or name; keys go on with the new one. Read from stdin or KEYBRAKE_SECRET",
    )
    .action(async (idOrName: string) => {
      const client = connect();
      const id = await credentialId(client, idOrName);
      const credential = await client.rotateCredential(id, { secret: await readSecret(SECRET) });
      say(`${credential.id} rotated: ${described(credential)}`);
    });

  credentials
    .command("remove <id>")
    .description("erase the secret of a credential, by id or name; keys that use it are refused from then on")
    .action(async (idOrName: string) => {
      const client = connect();
      const removed = await client.removeCredential(await credentialId(client, idOrName));
      say(`${removed.id} removed, and its secret erased: ${described(removed)}`);
      remark("Its vault keys are refused from now on.");
      const { data } = await client.listCredentials();
      const next = data.find((each) => each.vendor === removed.vendor && each.default);
      remark(
        next === undefined
          ? shown(`${removed.vendor} has no default credential now. Add one: ${again("credentials add --help")}`)
          : `The default is ${described(next)}.`,
      );
    });
}

async function credentialId(client: Client, idOrName: string): Promise<string> {
  const { data } = await client.listCredentials();
  return idOf(idOrName, data, "credential");
}

function described(credential: CredentialAnswer): string {
  return shown([`${credential.vendor} "${credential.name}" (`, modeOf(credential), ")"]);
}
