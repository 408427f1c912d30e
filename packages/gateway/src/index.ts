/** The data plane, for the server to put together and for documents to describe. */
export { createGateway, type Gateway, type GatewayEvent, type GatewayParts } from "./gateway.ts";
export { FORWARDED_DIFFERENCES } from "./headers.ts";
export { LIMITS, type Limits } from "./limits.ts";
