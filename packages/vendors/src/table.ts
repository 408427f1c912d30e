/**
 * Reads a vendor's operations from a table in text: one line an operation with method, path, name, class and directions
 * (`collected+paid_out`), and after a `#` the reason. A line that cannot be read is our mistake and stops the start.
 */
import { DIRECTIONS, invariant, operationTable } from "@keybrake/core";
import type { Direction, HttpMethod, Operation, OperationClass, OperationTable } from "@keybrake/core";

const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE"] satisfies HttpMethod[];
const CLASSES: readonly string[] = ["read", "free", "money", "unbounded", "secret-bearing"] satisfies OperationClass[];

/** @example readOperations("POST /v1/refunds  refunds.create  money paid_out") */
export function readOperations(table: string): OperationTable {
  return operationTable(
    table
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(readLine),
  );
}

function readLine(line: string): Operation {
  const [facts = "", reason] = line.split("#").map((part) => part.trim());
  const [method, path, name, operationClass, directions = "", ...more] = facts.split(/\s+/);
  const says = `the line "${line.trim()}" of the table`;
  invariant(isMethod(method) && path?.startsWith("/") === true && name !== undefined, `${says} cannot be read`);
  invariant(isClass(operationClass) && more.length === 0, `${says} has no class`);
  const moves = directions === "" ? [] : directions.split("+");
  invariant(moves.every(isDirection), `${says} has an unknown direction`);
  const isBoundToMove = operationClass === "money" || operationClass === "unbounded";
  invariant(moves.length > 0 === isBoundToMove, `${says} has directions where it moves nothing, or none where it does`);
  return { name, method, path, class: operationClass, directions: moves, ...(reason === undefined ? {} : { reason }) };
}

function isMethod(text: string | undefined): text is HttpMethod {
  return text !== undefined && METHODS.includes(text);
}

function isClass(text: string | undefined): text is OperationClass {
  return text !== undefined && CLASSES.includes(text);
}

function isDirection(text: string): text is Direction {
  return DIRECTIONS.some((direction) => direction === text);
}
