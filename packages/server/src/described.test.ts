/** Described vendors: files with mistakes, and the example of examples/vendors through the gateway, with a small fake of its vendor. */
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cap, usd } from "@keybrake/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openVendorBench, type VendorBench, type VendorBenchOptions } from "../../gateway/src/bench.test-support.ts";
import { loadDescribedVendors, readDescriptionText } from "./described.ts";

const EXAMPLES = join(import.meta.dirname, "../../../examples/vendors");
const GOOD = `id: printer
name: Printer
base_url: https://api.printer.example
authentication: bearer
operations:
  - { name: pages.list, method: GET, path: /pages, class: read }
`;

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keybrake-described-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return loadDescribedVendors(directory).then(
    (vendors) => `loaded ${vendors.map(({ id }) => id).join(" ")}`,
    (problem: unknown) => String(problem),
  );
}

describe("the directory", () => {
  test("is nothing where none is named", async () => {
    expect(await loadDescribedVendors(null)).toEqual([]);
  });

  test("that is not there stops the start", async () => {
    await expect(loadDescribedVendors(join(directory, "nowhere"))).rejects.toThrow("KEYBRAKE_VENDORS_DIR names");
  });

  test("gives one vendor a file, and leaves other files alone", async () => {
    await mkdir(join(directory, "more"));
    const other = GOOD.replace("id: printer", "id: scanner");
    expect(await problemsOf({ "a.yaml": GOOD, "b.yml": other, ".c.yaml": "nonsense", "README.md": "x" })).toBe(
      "loaded printer scanner",
    );
  });

  test("has no two vendors of one id, none that is built in, and none that hides Keybrake's own paths", async () => {
    expect(await problemsOf({ "a.yaml": GOOD, "b.yaml": GOOD })).toContain(
      "b.yaml: id: another file describes printer",
    );
    expect(await problemsOf({ "b.yaml": GOOD.replace("id: printer", "id: stripe") })).toContain("stripe is built in");
    expect(await problemsOf({ "b.yaml": GOOD.replace("id: printer", "id: vault") })).toContain("Keybrake's own");
  });

  test("with a file that cannot be read stops the start", async () => {
    await mkdir(join(directory, "a.yaml"));
    expect(await problemsOf({})).toContain("a.yaml: The file cannot be read.");
  });

  test("says every mistake of every file", async () => {
    const said = await problemsOf({ "a.yaml": GOOD.replace("bearer", "none"), "b.yaml": `${GOOD}timeout: 3\n` });
    expect(said).toContain("a.yaml:4:17: authentication: Write");
    expect(said).toContain("b.yaml:7:10: timeout: There is no such field.");
  });
});

describe("a mistake in a file", () => {
  const problems = (text: string): readonly string[] => {
    const read = readDescriptionText(text, "x.yaml");
    return "problems" in read ? read.problems : [];
  };

  test.each([
    ["a name twice", `${GOOD}id: other\n`, "x.yaml:7:1: Map keys must be unique"],
    ["a list that does not end", `${GOOD}lists: [a`, "x.yaml:7:"],
    ["a tab for blanks", GOOD.replace("  - {", "\t- {"), "x.yaml:6:1: Tabs are not allowed"],
    ["an alias for nothing", GOOD.replace("Printer", "*nobody"), "nobody"],
    ["a tag of a language", GOOD.replace("Printer", "!!js/function x"), "x.yaml:2:7: Unresolved tag"],
    ["two documents", `${GOOD}---\n${GOOD}`, "multiple documents"],
    [
      "aliases that unfold to more than anybody writes",
      `a: &a [1,1,1,1]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d]`,
      "alias",
    ],
    ["a field that is missing", GOOD.replace("name: Printer\n", ""), "x.yaml:1:1: name: Write"],
    [
      "a field inside a list",
      GOOD.replace("class: read", "class: cheap"),
      "x.yaml:6:59: operations[0].class: Write one of",
    ],
    ["an empty file", "", "x.yaml:1:1: Write an object"],
  ])("is told with its place: %s", (_, text, expected) => {
    expect(
      problems(text).some((each) => each.includes(expected)),
      problems(text).join("\n"),
    ).toBe(true);
  });
});

test("the file in docs/vendors.md is a description", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../docs/vendors.md"), "utf8");
  const files = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  expect(files).toHaveLength(1);
  for (const text of files)
    expect(readDescriptionText(text, "docs/vendors.md")).toMatchObject({ vendor: { id: "letters" } });
});

// ------------------------------------------------------------------------------------------------------------ the example

const SECRET = "279a2e9d-83b3-c416-7e2d-f721593e42a0";

interface FakeDeepl {
  readonly url: string;
  readonly server: Server;
  /** Characters that it would bill. */
  billed: number;
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  answerWith: ((billed: number) => { readonly status: number; readonly body: unknown }) | null;
}

/** As developers.deepl.com says: bills code points of the source text, and tells the count where it is asked for. */
async function startFakeDeepl(): Promise<FakeDeepl> {
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      fake.requests.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization });
      const { status, body } = answer(request, text);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      return;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  /* oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port */
  const { port } = server.address() as AddressInfo;
  const fake: FakeDeepl = { url: `http://127.0.0.1:${port}`, server, billed: 0, requests: [], answerWith: null };

  function answer(request: IncomingMessage, text: string): { readonly status: number; readonly body: unknown } {
    if (request.headers.authorization !== `DeepL-Auth-Key ${SECRET}`)
      return { status: 403, body: { message: "Forbidden" } };
    if (request.url !== "/v2/translate") return { status: 200, body: { character_count: fake.billed } };
    const { texts, tells } = translationOf(request.headers["content-type"] ?? "", text);
    if (texts.length === 0) return { status: 400, body: { message: "Value for 'text' not supported." } };
    const counts = texts.map((each) => Array.from(each.replaceAll(/<[^>]*>/g, "")).length);
    fake.billed += counts.reduce((total, each) => total + each, 0);
    const told = fake.answerWith?.(fake.billed);
    if (told !== undefined) return told;
    const translations = counts.map((count) => ({ text: "...", ...(tells ? { billed_characters: count } : {}) }));
    return { status: 200, body: { translations } };
  }
  return fake;
}

function translationOf(
  contentType: string,
  text: string,
): { readonly texts: readonly string[]; readonly tells: boolean } {
  if (!contentType.startsWith("application/json")) {
    const form = new URLSearchParams(text);
    return { texts: form.getAll("text"), tells: form.get("show_billed_characters") === "1" };
  }
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null || !("text" in json) || !Array.isArray(json.text))
    return { texts: [], tells: false };
  const tells = "show_billed_characters" in json && json.show_billed_characters === true;
  return { texts: json.text.filter((each) => typeof each === "string"), tells };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("DeepL, as examples/vendors describes it", () => {
  let fake: FakeDeepl;
  beforeEach(async () => {
    fake = await startFakeDeepl();
  });
  afterEach(() => {
    fake.server.closeAllConnections();
    fake.server.close();
  });

  async function open(key: VendorBenchOptions["key"] = {}): Promise<VendorBench> {
    const [vendor] = await loadDescribedVendors(EXAMPLES);
    if (vendor === undefined) throw new Error("there is no example");
    expect(vendor.checkSecret(SECRET, null).problem).toBeNull();
    return openVendorBench({ vendor, baseUrl: fake.url, secret: SECRET, key });
  }

  // At 0.00002 EUR a character and 1.25 dollars for a euro: what it cost, and before that with the margin for the rate.
  const cost = (characters: number): string => String((characters * 25) / 1_000_000);

  test("holds a text by its characters before it leaves, and settles it by what it cost", async () => {
    await using bench = await open();
    let held = "";
    const translation = { text: ["a".repeat(900), "\u{1f600}".repeat(100)], target_lang: "DE", context: "not billed" };
    const dry = await bench.send("POST /v2/translate", translation, { "keybrake-dry-run": "true" });
    if (typeof dry.json === "object" && dry.json !== null && "estimate_usd" in dry.json)
      held = String(dry.json.estimate_usd);
    expect(Number(held)).toBeGreaterThan(0.025);
    expect(Number(held)).toBeLessThan(0.03);
    const answer = await bench.send("POST /v2/translate", translation);
    expect(answer.status).toBe(200);
    expect(fake.billed).toBe(1000);
    expect(await bench.standing()).toBe(`${cost(1000)} 0`);
    expect(fake.requests).toEqual([{ line: "POST /v2/translate", authorization: `DeepL-Auth-Key ${SECRET}` }]);
  });

  test("settles what DeepL says that it billed, where it says so", async () => {
    await using bench = await open();
    const translation = { text: ["<b>ab</b>"], target_lang: "DE", tag_handling: "html", show_billed_characters: true };
    expect((await bench.send("POST /v2/translate", translation)).status).toBe(200);
    expect(await bench.standing()).toBe(`${cost(2)} 0`);
  });

  test("reads a form alike", async () => {
    await using bench = await open();
    const form = "text=abc&text=de&target_lang=DE";
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await bench.send("POST /v2/translate", form, headers)).status).toBe(200);
    expect(fake.billed).toBe(5);
    expect(await bench.standing()).toBe(`${cost(5)} 0`);
  });

  test("refuses what is beyond the cap as DeepL says that a quota is used up, and forwards nothing", async () => {
    await using bench = await open({ caps: [cap(usd(0.01), { window: "total" })] });
    const answer = await bench.send("POST /v2/translate", { text: ["a".repeat(1000)], target_lang: "DE" });
    expect(answer.status).toBe(456);
    expect(answer.json).toMatchObject({ code: "spend_cap_exceeded", limit_usd: "0.01" });
    expect(answer.text).toContain('"message":"spend_cap_exceeded: ');
    expect(fake.requests).toEqual([]);
  });

  test("gives back what DeepL has refused, and keeps what nobody knows", async () => {
    await using bench = await open();
    expect((await bench.send("POST /v2/translate", { text: [], target_lang: "DE" })).status).toBe(400);
    expect(await bench.standing()).toBe("0 0");
    fake.answerWith = () => ({ status: 500, body: { message: "Internal error" } });
    await bench.send("POST /v2/translate", { text: ["abc"], target_lang: "DE" });
    expect(fake.billed).toBe(3);
    expect(await bench.standing()).not.toMatch(/ 0$/);
  });

  test.each<[string, string, unknown, string]>([
    [
      "a parameter that nobody has thought through",
      "POST /v2/translate",
      { text: ["a"], x: 1 },
      "parameter_not_allowed",
    ],
    [
      "a text that is hidden in a second name",
      "POST /v2/translate",
      '{"text":["a"],"text":["aaaa"]}',
      "request_ambiguous",
    ],
    ["a document without a ceiling", "POST /v2/document", undefined, "operation_unbounded"],
    ["what is not described", "POST /v2/write/rephrase", { text: ["a"] }, "operation_unknown"],
  ])("refuses %s", async (_, line, body, code) => {
    await using bench = await open();
    const answer = await bench.send(line, body, typeof body === "string" ? { "content-type": "application/json" } : {});
    expect(answer.refusal).toBe(code);
    expect(fake.requests).toEqual([]);
  });

  test("forwards a document at the key's ceiling, and what is read for nothing", async () => {
    await using bench = await open({ allowUnbounded: { "documents.translate": { maxPerCall: usd(0.5) } } });
    const multipart = { "content-type": "multipart/form-data; boundary=b" };
    expect((await bench.send("POST /v2/document", "--b--", multipart)).status).toBe(200);
    expect(await bench.standing()).toBe("0.5 0");
    expect((await bench.send("GET /v2/usage")).json).toEqual({ character_count: 0 });
    expect(await bench.standing()).toBe("0.5 0");
  });
});
