/**
 * What people see: tables, colours and progress where there is a terminal, plain lines where there is none.
 * Answers go to stdout, everything said about them to stderr, so that pipes carry only answers.
 */
import { styleText } from "node:util";
import Table from "cli-table3";

type Style = Parameters<typeof styleText>[0];

/** Coloured only when that stream is a terminal and NO_COLOR is not set; styleText looks after both. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

export function say(line: string = ""): void {
  process.stdout.write(`${line}\n`);
}

export function remark(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Something that went well and is probably not what was meant. */
export function warn(line: string): void {
  remark(`${paint("yellow", "warning:", process.stderr)} ${line}`);
}

/** Text and its colour, kept apart: the text is cleaned before it is painted, and measured without its paint. */
export interface Painted {
  readonly text: string;
  readonly style?: Style;
}
export type Cell = string | Painted | readonly (string | Painted)[];

/** A cell as it goes to stdout. */
export function shown(cell: Cell): string {
  return partsOf(cell).map(painted).join("");
}

/**
 * Labels come from other people: nothing in them may move the cursor, change the colours of this terminal, or hide. Controls,
 * invisible formatting, line separators.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

function partsOf(cell: Cell): readonly Painted[] {
  const parts: readonly (string | Painted)[] = typeof cell === "string" || "text" in cell ? [cell] : cell;
  return parts.map((part) => {
    const { text, ...more } = typeof part === "string" ? { text: part } : part;
    return { text: printable(text), ...more };
  });
}

function painted({ text, style }: Painted): string {
  return style === undefined ? text : paint(style, text);
}

// -------------------------------------------------------------------------------------------------------------- tables

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => Cell;
  readonly align?: "left" | "right";
  /** How it gives way on a terminal that is too narrow: it is left out, or its end is. Without this it stays whole. */
  readonly narrow?: "left out" | "cut";
}

/** Blanks between two columns. */
const GAP = 2;
/** Nothing is cut shorter than this. */
const CUT_WIDTH_MIN = 8;

/** Columns of stdout; endless where it is no terminal, so that nothing is cut for a program. */
export function terminalWidth(): number {
  const { isTTY, columns } = process.stdout;
  return isTTY && columns > 0 ? columns : Infinity;
}

/** A table without boxes: a head line, then a line a row. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  room: number = terminalWidth(),
): string {
  return drawn(placed(columns, rows, room), rows, { head: true, fixed: room < Infinity });
}

/** A table whose rows come one after another: the first call begins with the head line, the next ones go on below it. */
export function growingTable<Row>(
  columns: readonly Column<Row>[],
  room: number = terminalWidth(),
): (rows: readonly Row[]) => string {
  let first: readonly PlacedColumn<Row>[] | null = null;
  return (rows) => {
    const head = first === null;
    const place = (first ??= placed(columns, rows, room));
    for (const each of place) each.width = Math.max(each.width, natural(each.column, rows));
    cutToFit(place, room);
    return drawn(place, rows, { head, fixed: true });
  };
}

interface PlacedColumn<Row> {
  readonly column: Column<Row>;
  width: number;
}

/** Which columns have room, and how much each. Columns are left out from the right, then the widest ones are cut. */
function placed<Row>(columns: readonly Column<Row>[], rows: readonly Row[], room: number): PlacedColumn<Row>[] {
  const all = columns.map((column) => ({ column, width: natural(column, rows) }));
  const narrowest = ({ column, width }: PlacedColumn<Row>): number =>
    column.narrow === "cut" ? Math.min(width, CUT_WIDTH_MIN) : width;

  for (const each of all.toReversed())
    if (each.column.narrow === "left out" && needed(all.map(narrowest)) > room) all.splice(all.indexOf(each), 1);
  cutToFit(all, room);
  return all;
}

function needed(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each + GAP, -GAP);
}

function cutToFit<Row>(all: readonly PlacedColumn<Row>[], room: number): void {
  while (needed(all.map((each) => each.width)) > room) {
    const [widest] = all.filter((each) => each.column.narrow === "cut").sort((a, b) => b.width - a.width);
    if (widest === undefined || widest.width <= CUT_WIDTH_MIN) return;
    widest.width -= 1;
  }
}

function natural<Row>(column: Column<Row>, rows: readonly Row[]): number {
  const texts = rows.map((row) => partsOf(column.value(row)).map((part) => part.text));
  return Math.max(column.title.length, ...texts.map((parts) => width(parts.join(""))));
}

/** Terminals give two columns to what East Asian scripts and emoji need: https://www.unicode.org/reports/tr11/ */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

function width(text: string): number {
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}

const NO_BOX: Readonly<Record<string, string>> = Object.fromEntries(
  ["top", "bottom", "left", "mid", "right", "top-mid", "top-left", "top-right", "bottom-mid", "bottom-left"]
    .concat(["bottom-right", "left-mid", "mid-mid", "right-mid", "middle"])
    .map((name) => [name, ""]),
);

/** `fixed`: each column has the width of its place; else what it needs. */
function drawn<Row>(
  place: readonly PlacedColumn<Row>[],
  rows: readonly Row[],
  how: { readonly head: boolean; readonly fixed: boolean },
): string {
  const grid = new Table({
    head: how.head ? place.map(({ column }) => paint("bold", column.title)) : [],
    colAligns: place.map(({ column }) => column.align ?? "left"),
    colWidths: how.fixed ? place.map((each) => each.width + GAP) : [],
    chars: NO_BOX,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
  });
  for (const row of rows) grid.push(place.map(({ column }) => shown(column.value(row))));
  return grid.toString().replace(/[ ]+$/gm, "");
}

// --------------------------------------------------------------------------------------------------------- other words

export function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** `$12.50`, from the decimal text that the API answers with. */
export function dollars(text: string | null | undefined): string {
  if (text === null || text === undefined) return "-";
  const negative = text.startsWith("-");
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${negative ? "-" : ""}$${grouped}.${fraction.padEnd(2, "0")}`;
}

/** One line that is rewritten in place on a terminal, and said only at its end where there is none. */
export interface Progress {
  update(line: string): void;
  done(line: string): void;
}

export function progress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const live = stream.isTTY;
  return {
    update(line) {
      if (live) stream.write(`\r\u001b[2K${line}`);
    },
    done(line) {
      stream.write(live ? `\r\u001b[2K${line}\n` : `${line}\n`);
    },
  };
}
