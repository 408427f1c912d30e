/** The data plane, for the server to put together and for documents to describe. */
export type { GatewayEvent } from "./event.ts";
export { createGateway, type Gateway, type GatewayParts, type UpstreamBase } from "./gateway.ts";
export { FORWARDED_DIFFERENCES } from "./headers.ts";
export { LIMITS, type Limits } from "./limits.ts";
