/** Vault keys: issue, list, look at, change, revoke. What a key may be is decided in draft.ts and ceilings.ts. */
import { asKeyId, formatToken, type KeyFilter, type KeyView } from "@keybrake/core";
import { keyAnswer } from "../answers.ts";
import { filterWithin, reaches, reachOf, type Caller } from "../caller.ts";
import { draftKey, draftPatch } from "../draft.ts";
import type { ApiContext, Handlers } from "../handler.ts";
import { isProblem, notFound, type Problem } from "../problem.ts";
import type { KeyAnswer } from "../wire.ts";

/** As many as a token needs at most. */
export const TOKEN_RANDOM_BYTES = 64;

export const keyRoutes: Handlers<"issueKey" | "listKeys" | "getKey" | "patchKey" | "revokeKey"> = {
  async issueKey({ who, body }, context) {
    const { store, vendors, sha256, randomBytes } = context;
    const draft = draftKey(body, {
      id: asKeyId(context.newId("key")),
      now: store.now(),
      by: who.id,
      ceilings: who.ceilings,
      vendors,
      credentials: await store.listCredentials(),
    });
    if (isProblem(draft)) return draft;
    const token = formatToken(draft.livemode ? "vault_live" : "vault_test", randomBytes(TOKEN_RANDOM_BYTES));
    const view = await store.issueKey({ ...draft, tokenHash: sha256(token) });
    return { ...(await shownKey(view, context)), vault_key: token };
  },

  async listKeys({ who, query }, context) {
    const filter: KeyFilter = {
      ...(query.agent_run_label === undefined ? {} : { label: query.agent_run_label }),
      ...(query.agent_run_label_prefix === undefined ? {} : { labelPrefix: query.agent_run_label_prefix }),
      ...(query.vendor === undefined ? {} : { vendor: query.vendor }),
      ...(query.status === undefined ? {} : { status: query.status }),
    };
    const within = filterWithin(reachOf(who, "read"), filter);
    if (within === null) return { data: [], next_cursor: null };
    const page = await context.store.listKeys(within, { limit: query.limit, cursor: query.cursor });
    return {
      data: await Promise.all(page.rows.map((view) => shownKey(view, context))),
      next_cursor: page.nextCursor,
    };
  },

  async getKey({ who, path }, context) {
    const view = await found(path.key_id, who, "read", context);
    return isProblem(view) ? view : shownKey(view, context);
  },

  // In turn: a patch carries all of the key's caps, so one that was drafted from an older key would undo the one before it.
  async patchKey({ who, path, body }, context) {
    return context.inTurn(`key ${path.key_id}`, async () => {
      const { store, vendors } = context;
      const before = await found(path.key_id, who, "operate", context);
      if (isProblem(before)) return before;
      const { key } = before;
      const credentials = await store.listCredentials();
      const patch = draftPatch(body, {
        key,
        now: store.now(),
        ceilings: who.ceilings,
        vendor: vendors.find((each) => each.id === key.vendor) ?? null,
        credential: credentials.find((each) => each.id === key.credentialId) ?? null,
      });
      if (isProblem(patch)) return patch;
      const view = await store.patchKey(key.id, patch, who.id);
      return view === null ? notFound("vault key") : shownKey(view, context);
    });
  },

  // Not in turn: a revocation waits for nobody.
  async revokeKey({ who, path }, context) {
    const before = await found(path.key_id, who, "operate", context);
    if (isProblem(before)) return before;
    const { id } = before.key;
    const revoked = await context.store.revokeKey(id, who.id, null);
    if (revoked === null) return notFound("vault key");
    // Only now, when nothing new is admitted: what had been admitted before and has not left is turned away. Also when the key was
    // dead already, because the first one who asked may still be waiting, and this answer promises the same.
    const inFlight = await context.drainKey(id);
    // What came back while we waited has been settled since.
    const after = (await context.store.getKey(id)) ?? revoked;
    return { ...(await shownKey(after, context)), in_flight_calls: inFlight };
  },
};

/** Keys out of reach look exactly like keys that do not exist. */
async function found(
  id: string,
  who: Caller,
  scope: "read" | "operate",
  { store }: ApiContext,
): Promise<KeyView | Problem> {
  const view = await store.getKey(asKeyId(id));
  return view !== null && reaches(reachOf(who, scope), view.key) ? view : notFound("vault key");
}

export async function shownKey(
  view: KeyView,
  { store, baseUrl, vendors }: Pick<ApiContext, "store" | "baseUrl" | "vendors">,
): Promise<KeyAnswer> {
  return keyAnswer(view, { now: store.now(), baseUrl: baseUrl(), credentials: await store.listCredentials(), vendors });
}
