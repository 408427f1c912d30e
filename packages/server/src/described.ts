/**
 * Vendors that are described in files: `KEYBRAKE_VENDORS_DIR/*.yaml`, one a vendor. This file finds them, reads the YAML and says where
 * in a file a mistake stands; what a description may hold is checked in vendors/described. All files are good, or the server does not
 * start: with one of them missing, keys of that vendor would fail one by one and later.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Fault, type Vendor } from "@keybrake/core";
import { describedVendor, readDescription, vendors, type DescriptionProblem } from "@keybrake/vendors";
import { isNode, LineCounter, parseDocument, type Document } from "yaml";

/** The description of two thousand operations is smaller. */
const FILE_BYTES_MAX = 1024 * 1024;
const FILES_MAX = 100;
/** Aliases may repeat parts of a file; unfolded, a few lines could otherwise fill the memory. */
const ALIASES_MAX = 100;
/** Words that paths of Keybrake's own begin with. */
const OWN_PATHS: ReadonlySet<string> = new Set(["audit", "healthz", "metrics", "readyz", "vault"]);

/** Throws a `Fault` that says every mistake, by file and line. `directory` null: none are described. */
export async function loadDescribedVendors(directory: string | null): Promise<readonly Vendor[]> {
  if (directory === null) return [];
  const names = await filesOf(directory);
  const described: Vendor[] = [];
  const problems: string[] = [];
  for (const name of names) {
    const read = await readFileOf(join(directory, name), name);
    const taken = "vendor" in read ? whyTaken(read.vendor.id, described) : null;
    if (!("vendor" in read)) problems.push(...read.problems);
    else if (taken === null) described.push(read.vendor);
    else problems.push(`${name}: ${taken}`);
  }
  if (problems.length > 0) throw wrong(problems);
  return described;
}

async function filesOf(directory: string): Promise<readonly string[]> {
  let all: readonly string[];
  try {
    all = await readdir(directory);
  } catch (problem) {
    throw new Fault("vendors_directory_unreadable", `KEYBRAKE_VENDORS_DIR names ${directory}, which cannot be read.`, {
      cause: problem,
    });
  }
  const names = all.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith(".")).sort();
  if (names.length > FILES_MAX) throw wrong([`There are more than ${FILES_MAX} files in ${directory}.`]);
  return names;
}

function wrong(problems: readonly string[]): Fault {
  return new Fault("vendor_description_wrong", `In KEYBRAKE_VENDORS_DIR:\n${problems.join("\n")}`);
}

function whyTaken(id: string, described: readonly Vendor[]): string | null {
  if (vendors.some((vendor) => vendor.id === id)) return `id: ${id} is built in. Choose another word.`;
  if (OWN_PATHS.has(id)) return `id: paths that begin with /${id} are Keybrake's own. Choose another word.`;
  return described.some((vendor) => vendor.id === id) ? `id: another file describes ${id} already.` : null;
}

type FileRead = { readonly vendor: Vendor } | { readonly problems: readonly string[] };

async function readFileOf(path: string, name: string): Promise<FileRead> {
  let text: string;
  try {
    if ((await stat(path)).size > FILE_BYTES_MAX)
      return { problems: [`${name}: The file has more than ${FILE_BYTES_MAX} bytes.`] };
    text = await readFile(path, "utf8");
  } catch {
    return { problems: [`${name}: The file cannot be read.`] };
  }
  return readDescriptionText(text, name);
}

/** One file's text. `name` stands before each problem, with line and column: `deepl.yaml:12:7: ...`. */
export function readDescriptionText(text: string, name: string): FileRead {
  const lines = new LineCounter();
  // The core schema of YAML 1.2: no dates, no yes and no, no octal numbers, nothing that a reader of JSON would not know.
  const document = parseDocument(text, { schema: "core", version: "1.2", lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0) return { problems: mistakes.map(({ pos, message }) => `${at(pos[0])}: ${message}`) };
  let json: unknown;
  try {
    json = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (problem) {
    return { problems: [`${name}: ${problem instanceof Error ? problem.message : String(problem)}`] };
  }
  const read = readDescription(json);
  if (read.ok) return { vendor: describedVendor(read.description) };
  return {
    problems: read.problems.map((problem) => `${at(offsetOf(document, problem))}: ${sentenceOf(problem)}`),
  };
}

/** Where the field stands, or what it is missing in. */
function offsetOf(document: Document, { path }: DescriptionProblem): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return 0;
}

function sentenceOf({ path, message }: DescriptionProblem): string {
  let place = "";
  for (const step of path) place += typeof step === "number" ? `[${step}]` : place === "" ? step : `.${step}`;
  return place === "" ? message : `${place}: ${message}`;
}
