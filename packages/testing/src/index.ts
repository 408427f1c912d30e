/** For tests only: the model store, the contract that every store keeps, and a clock that is moved by hand. */
export { TestClock } from "./clock.ts";
export { MemoryStore, type MemoryStoreOptions } from "./memory-store.ts";
export {
  cap,
  describeStoreContract,
  ending,
  makeKey,
  moneyRequest,
  newId,
  objectMeter,
  readRequest,
  sha256,
  usd,
  type Durability,
  type OpenedStore,
  type StoreWorld,
} from "./store-contract.ts";
