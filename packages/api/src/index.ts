/** The control API: what people and workers ask, with an API key. */
export { createApi, type Api } from "./app.ts";
export type { ApiDependencies, ApiEvent, PriceBook } from "./handler.ts";
