import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeStoreContract } from "@keybrake/testing";
import { openSqliteStore, type SqliteStore } from "./store.ts";

describeStoreContract("SQLite", async ({ clock }) => {
  const directory = await mkdtemp(join(tmpdir(), "keybrake-store-"));
  const open = (): Promise<SqliteStore> => openSqliteStore({ directory, clock: clock.now });
  let store = await open();
  return {
    store,
    reopen: async () => {
      await store.close();
      return (store = await open());
    },
    crash: async () => {
      await store.abandon();
      return (store = await open());
    },
    dispose: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});
