/** The embedded store: one process, one data directory, a hash-chained journal and tables made from it. */
export { rebuildTables, verifyJournal, type OnProgress } from "./maintenance.ts";
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions, type StoreEvent } from "./store.ts";
