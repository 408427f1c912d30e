/** The audit, as questions: pages of rows, or one row. Nothing here writes. */
import { asCallId, asKeyId, type CallFilter } from "@keybrake/core";
import { auditRowAnswer } from "../answers.ts";
import type { Handlers } from "../handler.ts";
import { notFound } from "../problem.ts";

export const callRoutes: Handlers<"listCalls" | "getCall"> = {
  async listCalls({ query }, { store }) {
    const filter: CallFilter = {
      ...(query.agent_run_label === undefined ? {} : { label: query.agent_run_label }),
      ...(query.agent_run_label_prefix === undefined ? {} : { labelPrefix: query.agent_run_label_prefix }),
      ...(query.key_id === undefined ? {} : { keyId: asKeyId(query.key_id) }),
      ...(query.vendor === undefined ? {} : { vendor: query.vendor }),
      ...(query.verdict === undefined ? {} : { verdict: query.verdict }),
      ...(query.outcome === undefined ? {} : { outcome: query.outcome }),
      ...(query.workflow_id === undefined ? {} : { workflowId: query.workflow_id }),
      ...(query.run_id === undefined ? {} : { runId: query.run_id }),
      ...(query.from === undefined ? {} : { from: query.from }),
      ...(query.to === undefined ? {} : { to: query.to }),
    };
    const page = await store.queryCalls(filter, { limit: query.limit, cursor: query.cursor });
    return { data: page.rows.map(auditRowAnswer), next_cursor: page.nextCursor };
  },

  async getCall({ path }, { store }) {
    const row = await store.getCall(asCallId(path.call_id));
    return row === null ? notFound("call") : auditRowAnswer(row);
  },
};
