/**
 * Reads a vendor's operations from a table in text. One line an operation:
 *
 *   METHOD path name class [directions] [host:word] [redacts:field,field] [body:stream] [# reason]
 *
 * Directions are joined by `+`; `host`, `redacts` and `body` are core's `Operation.host`, `redacts` and `streamsBody`. A line that
 * cannot be read is our mistake and stops the start.
 */
import { DIRECTIONS, invariant, OPERATION_CLASSES, operationTable } from "@keybrake/core";
import type { Direction, HttpMethod, Operation, OperationClass, OperationTable } from "@keybrake/core";

const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE"] satisfies HttpMethod[];
const CLASSES: readonly string[] = OPERATION_CLASSES;

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
  const says = `the line "${line.trim()}" of the table`;
  const comment = line.indexOf("#");
  const facts = (comment === -1 ? line : line.slice(0, comment)).trim();
  const reason = comment === -1 ? null : line.slice(comment + 1).trim();
  const [method, path, name, operationClass, ...rest] = facts.split(/\s+/);
  invariant(isMethod(method) && path?.startsWith("/") === true && name !== undefined, `${says} cannot be read`);
  invariant(isClass(operationClass), `${says} has no class`);
  const options = rest.filter((word) => word.includes(":"));
  const [directions = "", ...more] = rest.filter((word) => !word.includes(":"));
  invariant(more.length === 0, `${says} has a word too many`);
  const moves = directions === "" ? [] : directions.split("+");
  invariant(moves.every(isDirection), `${says} has an unknown direction`);
  const isBoundToMove = operationClass === "money" || operationClass === "unbounded";
  invariant(moves.length > 0 === isBoundToMove, `${says} has directions where it moves nothing, or none where it does`);
  return {
    name,
    method,
    path,
    class: operationClass,
    directions: moves,
    ...(reason === null ? {} : { reason }),
    ...readOptions(options, says),
  };
}

function readOptions(options: readonly string[], says: string): Pick<Operation, "host" | "redacts" | "streamsBody"> {
  const read: { host?: string; redacts?: readonly string[]; streamsBody?: true } = {};
  for (const option of options) {
    const [word, value = ""] = option.split(":");
    invariant(value !== "", `${says} has an empty ${word}`);
    if (word === "host") read.host = value;
    else if (word === "redacts") read.redacts = value.split(",");
    else {
      invariant(option === "body:stream", `${says} has an unknown option`);
      read.streamsBody = true;
    }
  }
  return read;
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
