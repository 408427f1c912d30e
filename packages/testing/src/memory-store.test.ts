import { MemoryStore } from "./memory-store.ts";
import { describeStoreContract } from "./store-contract.ts";

describeStoreContract(
  "memory",
  async ({ clock }) => {
    const store = new MemoryStore({ now: clock.now });
    return { store, dispose: () => store.close() };
  },
  "in memory",
);
