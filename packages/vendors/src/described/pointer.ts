/**
 * JSON Pointers (RFC 6901), with one addition: a segment `*` stands for every element of a list. They are followed in JSON, and in flat
 * parameters, whose names say where a value stood (`a[b][0]`). Knows no vendor and never throws.
 */
import type { Parameters } from "@keybrake/core";
import { isRecord } from "../json.ts";
import type { Pointer } from "./description.ts";

/** `/a~1b/*` is ["a/b", "*"]; null where it is no pointer to something inside. */
export function parsePointer(text: string): Pointer | null {
  if (!text.startsWith("/") || text === "/" || /~(?![01])/.test(text)) return null;
  const segments = text
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  return segments.every((segment) => segment !== "" && !/[[\]]/.test(segment)) ? { text, segments } : null;
}

/** The one value that the pointer leads to; undefined where there is none, or where it could be several. */
export function valueAt(json: unknown, { segments }: Pointer): unknown {
  let at = json;
  for (const segment of segments) {
    if (Array.isArray(at))
      at = /^(?:0|[1-9]\d{0,8})$/.test(segment) ? (at as readonly unknown[])[Number(segment)] : undefined;
    else at = isRecord(at) && Object.hasOwn(at, segment) ? at[segment] : undefined;
  }
  return at;
}

export interface FoundParameter {
  readonly value: string;
  /** Segments between the pointer's end and the value; none where the value stands right there. */
  readonly below: readonly string[];
  /** The place that the pointer leads to: other values with the same one are parts of the same thing. */
  readonly place: string;
}

/** Every value that stands where the pointer leads, or inside of what stands there. */
export function parametersAt(parameters: Parameters, { segments }: Pointer): readonly FoundParameter[] {
  const found: FoundParameter[] = [];
  const root = segments[0] ?? "";
  for (const [name, value] of parameters) {
    if (root !== "*" && !name.startsWith(root) && !name.startsWith(`[${root}]`)) continue;
    const parts = partsOf(name);
    if (parts.length < segments.length) continue;
    const isThere = segments.every((segment, index) => {
      const part = parts[index] ?? "";
      return segment === part || (segment === "*" && /^\d+$/.test(part));
    });
    if (!isThere) continue;
    found.push({ value, below: parts.slice(segments.length), place: parts.slice(0, segments.length).join("[") });
  }
  return found;
}

/** `a[b][0]` is ["a", "b", "0"], and `[0][a]` is ["0", "a"]. */
function partsOf(name: string): readonly string[] {
  const bracket = name.indexOf("[");
  if (bracket === -1) return [name];
  const inner = name.slice(bracket + 1, -1).split("][");
  return bracket === 0 ? inner : [name.slice(0, bracket), ...inner];
}
