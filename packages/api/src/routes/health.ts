/** What machines ask without a key: is it up, can it decide, what does it offer. */
import type { Handlers } from "../handler.ts";
import { openApiDocument } from "../openapi.ts";
import { problem } from "../problem.ts";

export const healthRoutes: Handlers<"getHealth" | "getReadiness" | "getOpenApi"> = {
  getHealth(_call, { version }) {
    return { status: "ok", version };
  },

  getReadiness(_call, { store, version }) {
    const { accepting, why, recoveredUnknown } = store.status();
    if (!accepting)
      return problem(503, "not_ready", why ?? "The store takes no calls at the moment.", { facts: { version } });
    return { status: "ready", version, recovered_unknown: recoveredUnknown };
  },

  getOpenApi(_call, { version, baseUrl }) {
    return openApiDocument(version, baseUrl());
  },
};
