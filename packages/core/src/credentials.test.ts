import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyCredentialEntry } from "./credentials.ts";
import type { CredentialAdded, CredentialChanged } from "./entry.ts";
import { asApiKeyId, asCredentialId } from "./ids.ts";
import type { Credential } from "./key.ts";
import { NOON } from "./test-support.ts";
import { instant } from "./time.ts";

const by = asApiKeyId("api_1");

function added(name: string, more: Partial<Credential> = {}): CredentialAdded {
  return {
    kind: "credential_added",
    at: NOON,
    by,
    credential: {
      id: asCredentialId(name),
      vendor: "acme",
      name,
      livemode: true,
      sandbox: false,
      accountId: null,
      isDefault: false,
      createdAt: NOON,
      rotatedAt: null,
      removedAt: null,
      ...more,
    },
  };
}

function changed(
  kind: CredentialChanged["kind"],
  name: string,
  more: Partial<CredentialChanged> = {},
): CredentialChanged {
  return { kind, at: instant(NOON + 1), by, credentialId: asCredentialId(name), ...more };
}

type CredentialEntry = CredentialAdded | CredentialChanged;

function after(...entries: readonly CredentialEntry[]): readonly Credential[] {
  return entries.reduce<readonly Credential[]>(applyCredentialEntry, []);
}

/** `a* b`: in their order, the default marked. */
function list(...entries: readonly CredentialEntry[]): string {
  return after(...entries)
    .map(({ name, isDefault }) => (isDefault ? `${name}*` : name))
    .join(" ");
}

const sandbox = { sandbox: true, livemode: false };
const inTestMode = { livemode: false };

describe("the default", () => {
  test.each<[string, CredentialEntry[], string]>([
    ["is the first of its vendor", [added("a"), added("b")], "a* b"],
    ["is one for each vendor", [added("a"), added("b", { vendor: "other" }), added("c")], "a* b* c"],
    ["is the one that says so when it is added", [added("a"), added("b", { isDefault: true })], "a b*"],
    ["is not the sandbox once there is a real one", [added("s", sandbox), added("a"), added("b")], "s a* b"],
    ["stays with the first sandbox while there are only sandboxes", [added("s", sandbox), added("t", sandbox)], "s* t"],
    ["is not taken from a real one by a sandbox", [added("a"), added("s", sandbox)], "a* s"],
    ["may be given to a sandbox", [added("a"), added("s", sandbox), changed("credential_made_default", "s")], "a s*"],
    ["goes over when another is made it", [added("a"), added("b"), changed("credential_made_default", "b")], "a b*"],
    ["stays when the same is made it again", [added("a"), added("b"), changed("credential_made_default", "a")], "a* b"],
    ["stays when another one goes", [added("a"), added("b"), changed("credential_removed", "b")], "a*"],
    [
      "goes to the oldest real one that is left",
      [added("a"), added("s", sandbox), added("b"), added("c"), changed("credential_removed", "a")],
      "s b* c",
    ],
    ["never goes to a sandbox", [added("a"), added("s", sandbox), changed("credential_removed", "a")], "s"],
    ["never goes from test to live", [added("t", inTestMode), added("l"), changed("credential_removed", "t")], "l"],
    ["never goes from live to test", [added("l"), added("t", inTestMode), changed("credential_removed", "l")], "t"],
    [
      "goes past the other mode to the oldest of its own",
      [
        added("t", inTestMode),
        added("l"),
        added("u", inTestMode),
        added("v", inTestMode),
        changed("credential_removed", "t"),
      ],
      "l u* v",
    ],
    [
      "goes from sandbox to sandbox",
      [added("s", sandbox), added("t", sandbox), changed("credential_removed", "s")],
      "t*",
    ],
    [
      "is the next one that is added where there was none",
      [added("t", inTestMode), added("l"), changed("credential_removed", "t"), added("u", inTestMode)],
      "l u*",
    ],
    [
      "is the one of the mode that its secret had in the end",
      [
        added("a"),
        added("t", inTestMode),
        changed("credential_rotated", "a", { livemode: false }),
        changed("credential_removed", "a"),
      ],
      "t*",
    ],
    ["goes to nobody when nothing is left", [added("a"), changed("credential_removed", "a")], ""],
    [
      "is not given to another vendor's",
      [added("a"), added("b", { vendor: "other" }), changed("credential_removed", "a")],
      "b*",
    ],
    ["does not move for one that is not there", [added("a"), changed("credential_made_default", "x")], "a*"],
  ])("%s", (_, entries, expected) => {
    expect(list(...entries)).toBe(expected);
  });

  test("is never two, and none only when the one before it was removed and nothing moves the same money", () => {
    const names = fc.constantFrom("a", "b", "c", "d");
    const anything = fc.oneof(
      fc
        .tuple(fc.constantFrom("acme", "other"), fc.boolean(), fc.boolean(), fc.boolean())
        .map(([vendor, isSandbox, livemode, isDefault]) => ({ vendor, sandbox: isSandbox, livemode, isDefault })),
      fc
        .tuple(fc.constantFrom("credential_removed", "credential_rotated", "credential_made_default"), names)
        .map(([kind, name]) => changed(kind, name)),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 20 }), (steps) => {
        let credentials: readonly Credential[] = [];
        let made = 0;
        for (const step of steps) {
          const entry = "kind" in step ? step : added("abcd"[made++ % 4] ?? "", step);
          if (entry.kind === "credential_added" && credentials.some(({ id }) => id === entry.credential.id)) continue;
          const before = credentials;
          credentials = applyCredentialEntry(before, entry);
          for (const vendor of ["acme", "other"]) {
            const [was, ...wasMore] = before.filter((each) => each.vendor === vendor && each.isDefault);
            const [is, ...isMore] = credentials.filter((each) => each.vendor === vendor && each.isDefault);
            expect([...wasMore, ...isMore]).toEqual([]);
            if (was === undefined || is?.id === was.id || entry.kind !== "credential_removed") continue;
            const alike = credentials.filter(
              (each) => each.vendor === vendor && each.livemode === was.livemode && each.sandbox === was.sandbox,
            );
            expect(is?.id).toBe(alike[0]?.id);
          }
        }
      }),
    );
  });
});

describe("a credential", () => {
  test("that is rotated keeps everything but what its new secret says of itself", () => {
    const [before] = after(added("a"));
    expect(after(added("a"), changed("credential_rotated", "a", { livemode: false }))).toEqual([
      { ...before, livemode: false, rotatedAt: NOON + 1 },
    ]);
    expect(after(added("a"), changed("credential_rotated", "a"))).toEqual([{ ...before, rotatedAt: NOON + 1 }]);
  });

  test("that nobody knows changes nothing", () => {
    const before = after(added("a"));
    for (const kind of ["credential_rotated", "credential_removed", "credential_made_default"] as const)
      expect(applyCredentialEntry(before, changed(kind, "x"))).toBe(before);
  });

  test("list is never changed in place", () => {
    const before = Object.freeze(after(added("a"), added("b")).map((each) => Object.freeze(each)));
    applyCredentialEntry(before, changed("credential_made_default", "b"));
    applyCredentialEntry(before, changed("credential_removed", "a"));
    expect(before.map(({ isDefault }) => isDefault)).toEqual([true, false]);
  });
});
