/** What the gateway tells the log. Flat, and without bodies, tokens and secrets. */
export interface GatewayEvent {
  readonly level: "info" | "warn" | "error";
  /** Stable, for programs. */
  readonly event: string;
  readonly callId?: string;
  readonly message: string;
}
