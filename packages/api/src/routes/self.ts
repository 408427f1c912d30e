/** What a vault key may learn of itself, so that an agent can plan with what is left. The only route that a vault key opens. */
import type { Handlers } from "../handler.ts";
import { notFound } from "../problem.ts";
import { shownKey } from "./keys.ts";

export const selfRoutes: Handlers<"getSelf"> = {
  async getSelf({ who }, context) {
    const view = await context.store.getKey(who.id);
    return view === null ? notFound("vault key") : shownKey(view, context);
  },
};
