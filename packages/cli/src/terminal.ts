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

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: "left" | "right";
}

/** A table without boxes: a head line, then a line a row. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const grid = new Table({
    head: columns.map((column) => paint("bold", column.title)),
    colAligns: columns.map((column) => column.align ?? "left"),
    chars: Object.fromEntries(
      [
        "top",
        "top-mid",
        "top-left",
        "top-right",
        "bottom",
        "bottom-mid",
        "bottom-left",
        "bottom-right",
        "left",
        "left-mid",
        "mid",
        "mid-mid",
        "right",
        "right-mid",
        "middle",
      ].map((name) => [name, ""]),
    ),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  for (const row of rows) grid.push(columns.map((column) => printable(column.value(row))));
  return grid.toString().replace(/[ ]+$/gm, "");
}

/** Labels come from other people: nothing in them may move the cursor or change the colours of this terminal. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is replaced here
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

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
