import { beforeEach, expect, test, vi } from "vitest";
import { growingTable, table, type Column } from "./terminal.ts";

interface Row {
  readonly id: string;
  readonly label: string;
  readonly note: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "ID", value: (row) => row.id },
  { title: "LABEL", value: (row) => ({ text: row.label, style: "red" }), narrow: "cut" },
  { title: "NOTE", value: (row) => ["n", { text: row.note }], narrow: "left out" },
];
// Whatever the terminal that the tests run on.
beforeEach(() => void vi.stubEnv("FORCE_COLOR", "0"));

const rows: readonly Row[] = [
  { id: "id_1", label: "a label of some length", note: "1" },
  { id: "id_2", label: "日本", note: "22" },
];

test("with room for all, every cell is whole and stands below its title", () => {
  const lines = table(COLUMNS, rows).split("\n");
  expect(lines).toEqual([
    "ID    LABEL                   NOTE",
    "id_1  a label of some length  n1",
    "id_2  日本                    n22",
  ]);
});

test("with less room columns are left out, then cut; what must stay whole stays whole", () => {
  expect(table(COLUMNS, rows, 25).split("\n")).toEqual([
    "ID    LABEL          NOTE",
    "id_1  a label of s…  n1",
    "id_2  日本           n22",
  ]);
  expect(table(COLUMNS, rows, 15).split("\n")).toEqual(["ID    LABEL", "id_1  a label …", "id_2  日本"]);
  expect(table(COLUMNS, rows, 1)).toContain("id_1");
});

test("rows that come later go on below the same head line", () => {
  const next = growingTable(COLUMNS);
  expect(next(rows.slice(0, 1))).toBe("ID    LABEL                   NOTE\nid_1  a label of some length  n1");
  expect(next(rows.slice(1))).toBe("id_2  日本                    n22");
});

test("nothing in a cell moves the cursor", () => {
  expect(table(COLUMNS, [{ id: "\u001b[2J", label: "\r\n", note: "\u202e\u009b" }])).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});
