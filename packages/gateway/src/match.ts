/**
 * Step 3, and what comes before step 1: which vendor a URL belongs to, and which published operation a request is.
 * Looks at text only; asks nobody.
 */
import type { OperationMatch, Vendor, VendorRequest } from "@keybrake/core";

export interface Route {
  /** Under a prefix: that vendor. At a root path: the first vendor that has it, which only speaks for the refusal of a bad key. */
  readonly vendor: Vendor;
  /** True where the path names the vendor; at the root the key does. */
  readonly named: boolean;
  /** The request target from here on: what the vendor's path will be, and the query. */
  readonly target: string;
}

export interface Router {
  route(url: string): Route | null;
  byId(vendorId: string): Vendor | null;
  /** Whether this vendor's keys may use this target without a prefix. */
  mayUseRoot(vendor: Vendor, target: string): boolean;
}

export function createRouter(vendors: readonly Vendor[]): Router {
  const byId = new Map(vendors.map((vendor) => [vendor.id, vendor]));
  const byRoot = new Map<string, Vendor>();
  for (const vendor of vendors)
    for (const path of vendor.rootPaths) if (!byRoot.has(path.slice(1))) byRoot.set(path.slice(1), vendor);

  return {
    byId: (vendorId) => byId.get(vendorId) ?? null,
    mayUseRoot: (vendor, target) => vendor.rootPaths.includes(`/${firstSegment(target)}`),
    route(url) {
      const target = originForm(url);
      if (target === null) return null;
      const first = firstSegment(target);
      const named = byId.get(first);
      if (named !== undefined) {
        const rest = target.slice(1 + first.length);
        return { vendor: named, named: true, target: withoutDoubledSlash(rest.startsWith("/") ? rest : `/${rest}`) };
      }
      // A base URL that ends in a slash doubles it at the root too.
      const undoubled = withoutDoubledSlash(target);
      const owner = byRoot.get(firstSegment(undoubled));
      return owner === undefined ? null : { vendor: owner, named: false, target: undoubled };
    },
  };
}

export function matchOperation(
  vendor: Vendor,
  request: Pick<VendorRequest, "method" | "segments">,
): OperationMatch | null {
  return vendor.operations.match(judgedMethod(request.method), request.segments);
}

/** A HEAD does what the GET does, and is judged like it. https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2 */
export function judgedMethod(method: string): string {
  return method === "HEAD" ? "GET" : method;
}

/** SDKs whose base URL ends in a slash send `<base>//v1/...`: exactly one doubled slash, and only here, is theirs. */
function withoutDoubledSlash(target: string): string {
  return target.startsWith("//") && target.charCodeAt(2) !== 0x2f ? target.slice(1) : target;
}

function firstSegment(target: string): string {
  let end = 1;
  for (; end < target.length; end++) {
    const char = target.charCodeAt(end);
    if (char === 0x2f || char === 0x3f) break; // "/" or "?"
  }
  return target.slice(1, end);
}

/** The path of an absolute-form target too: not to serve it (normalise.ts refuses), but so that the refusal comes from here. */
function originForm(url: string): string | null {
  if (url.startsWith("/")) return url;
  const match = /^https?:\/\/[^/?#]*(\/.*)$/i.exec(url);
  return match?.[1] ?? null;
}
