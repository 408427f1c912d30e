/** What of an allowlist is probably a typing error. The server allows such a route, because a vendor may have more than is known. */
import type { OperationAnswer } from "@keybrake/client";
import { nearest } from "./near.ts";

/** A sentence for each route that matches no operation; operations that do not exist the server refuses itself. */
export function unmatchedRoutes(patterns: readonly string[], operations: readonly OperationAnswer[]): string[] {
  return patterns
    .filter((pattern) => pattern.includes(" ") && !operations.some((operation) => routeMeets(pattern, operation)))
    .map((pattern) => {
      const meant = nearest(
        pattern,
        operations.map(({ method, path }) => `${method} ${path}`),
      );
      return `"${pattern}" matches no operation that is known, so it allows nothing.${meant === null ? "" : ` Did you mean "${meant.replaceAll(/\{\w+\}/g, "*")}"?`}`;
    });
}

/** Whether some request of this operation is meant by `METHOD /path`, with `*` for one segment and `**` for any number. */
function routeMeets(pattern: string, operation: OperationAnswer): boolean {
  const [method = "", path = ""] = pattern.split(" ");
  return (method === "*" || method === operation.method) && segmentsMeet(path.split("/"), operation.path.split("/"));
}

function segmentsMeet(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  const [segment, ...others] = path;
  if (first === "**") return segmentsMeet(rest, path) || (segment !== undefined && segmentsMeet(pattern, others));
  if (first === undefined || segment === undefined) return first === segment;
  return (first === "*" || segment.startsWith("{") || first === segment) && segmentsMeet(rest, others);
}
