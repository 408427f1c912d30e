/** The operations that the vendors' tables know: what an allowlist can name, and how each is classed. */
import { operationAnswers } from "../answers.ts";
import type { Handlers } from "../handler.ts";
import { badField } from "../problem.ts";

export const operationRoutes: Handlers<"listOperations"> = {
  listOperations({ query }, { vendors }) {
    const known = vendors.map((each) => each.id);
    if (query.vendor !== undefined && !known.includes(query.vendor))
      return badField("vendor", `Keybrake knows no such vendor; say one of: ${known.join(", ")}.`, { known });
    const data = vendors
      .filter((each) => query.vendor === undefined || each.id === query.vendor)
      .flatMap(operationAnswers)
      .filter((each) => query.class === undefined || each.class === query.class);
    return { data };
  },
};
