/** The tables that a run prints: how far each operation's estimates were above what then moved, and what was refused and why. */
import { formatUsd, microUsd } from "@keybrake/core";
import type { OperationRow, Teller } from "./teller.ts";

const SHOWN_CHARS = 150;
const REFUSALS_SHOWN = 24;

export function printTables(vendor: string, seed: number, teller: Teller, rows: readonly OperationRow[]): string {
  const { sent, refused, replayed, lost, settledExactly, stillHeld } = teller;
  const head =
    `estimates, ${vendor}: ${sent} requests of money operations sent, ${refused} refused before they were, ` +
    `${replayed} answered from an earlier one, ${lost} answers lost; ${settledExactly} objects settled to the last digit, ${stillHeld} still held at the end; seed ${seed}`;
  const lines = rows.map((row) => [
    row.operation,
    String(row.sent),
    String(row.declined),
    String(row.movedNothing),
    row.moved <= 0n ? "-" : (Number((row.exposure * 100n) / row.moved) / 100).toFixed(2),
    row.worstRatio === 0 ? "-" : row.worstRatio.toFixed(2),
    row.worstUsd === 0n ? "0" : formatUsd(microUsd(row.worstUsd)),
  ]);
  const table = columns([
    ["operation", "sent", "vendor's no", "moved nothing", "estimate/moved", "largest ratio", "largest excess, USD"],
    ...lines,
  ]);
  const worst = rows
    .filter((row) => row.worstRatio > 0)
    .map((row) => `  ${row.operation} x${row.worstRatio.toFixed(2)}: ${row.worstRatioRequest.slice(0, SHOWN_CHARS)}`);
  const refusals = [...teller.refusals].sort(([, a], [, b]) => b - a);
  const refusalLines = refusals
    .slice(0, REFUSALS_SHOWN)
    .map(([name, count]) => `  ${String(count).padStart(7)} ${name}`);
  const more = refusals.slice(REFUSALS_SHOWN).reduce((sum, [, count]) => sum + count, 0);
  return [
    head,
    table,
    "the largest over-estimates:",
    ...worst,
    "refused:",
    ...refusalLines,
    ...(more > 0 ? [`  ${String(more).padStart(7)} others, of ${refusals.length - REFUSALS_SHOWN} kinds`] : []),
  ].join("\n");
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}
