/** What a start refuses, and that it says so in a sentence. What a running server does is tested from outside, in tests/. */
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault, instant } from "@keybrake/core";
import { makeKey } from "@keybrake/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readConfig, startServer, type RunningServer } from "./index.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keybrake-server-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function start(environment: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const settings = {
    KEYBRAKE_PORT: "0",
    KEYBRAKE_DATA_DIR: directory,
    KEYBRAKE_LOG_LEVEL: "silent",
    KEYBRAKE_RATES_FEED: "off",
    ...environment,
  };
  return startServer(readConfig(settings), "0.0.0");
}

async function refusal(environment: Readonly<Record<string, string>> = {}): Promise<[code: string, sentence: string]> {
  const problem = await start(environment).then(
    async (server) => {
      await server.stop();
      return null;
    },
    (problem: unknown) => problem,
  );
  if (!(problem instanceof Fault)) throw new Error(`no fault but ${String(problem)}`);
  return [problem.code, problem.publicMessage];
}

describe("a start", () => {
  test("with a data directory that is a file, or that cannot be made, is refused by its name", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    for (const place of [file, "/proc/keybrake"]) {
      const [code, sentence] = await refusal({ KEYBRAKE_DATA_DIR: place });
      expect(code).toBe("data_directory_unusable");
      expect(sentence).toContain(place);
    }
  });

  test.each([
    ["is no address of this machine", "192.0.2.1"],
    ["cannot be found", "keybrake.invalid"],
  ])("on a host that %s is refused by its name, and leaves the data directory free", async (_, host) => {
    const [code, sentence] = await refusal({ KEYBRAKE_HOST: host });
    expect([code, sentence]).toEqual(["host_unusable", expect.stringContaining(`KEYBRAKE_HOST is ${host}`)]);
    await (await start()).stop();
  });

  test("on a port in use is refused", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    const port = await new Promise<number>((resolve) =>
      other.once("listening", () => resolve((other.address() as AddressInfo).port)),
    );
    expect(await refusal({ KEYBRAKE_PORT: String(port) })).toEqual([
      "port_in_use",
      expect.stringContaining(String(port)),
    ]);
    other.close();
  });

  test("without the master key that sealed what is there is refused, and makes no new one; with it all goes on", async () => {
    await (await start()).stop();
    await rm(join(directory, "master.key"));
    const [code, sentence] = await refusal();
    expect(code).toBe("master_key_missing");
    expect(sentence).toContain('"sandbox"');
    expect(existsSync(join(directory, "master.key"))).toBe(false);
    await (await start({ KEYBRAKE_MASTER_KEY: "11".repeat(32) })).stop();
  });

  test("with an admin API key that is none is refused by the name of its file", async () => {
    for (const content of ["x", "", "kblive".padEnd(44, "0"), "kbapik".padEnd(44, "0")]) {
      await writeFile(join(directory, "admin-api-key"), `${content}\n`);
      const [code, sentence] = await refusal();
      expect(code).toBe("admin_api_key_unreadable");
      expect(sentence).toContain(join(directory, "admin-api-key"));
      if (content.length > 1) expect(sentence).not.toContain(content);
    }
    await rm(join(directory, "admin-api-key"));
    const server = await start();
    expect(server.adminApiKey).toMatchObject({ made: true, path: join(directory, "admin-api-key") });
    expect((await stat(join(directory, "admin-api-key"))).mode & 0o077).toBe(0);
    await server.stop();
  });
});

test("a stop that cannot write what waits is told to whoever stops", async () => {
  const server = await start({ KEYBRAKE_SANDBOX: "off" });
  await rm(directory, { recursive: true });
  const issues = (): Promise<unknown> => server.store.issueKey(makeKey(instant(Date.now())));
  await vi.waitFor(() => expect(issues()).rejects.toThrow(/journal file is gone/), { timeout: 10_000, interval: 50 });
  await expect(server.stop()).rejects.toMatchObject({ publicMessage: expect.stringContaining("is lost") });
});
