/**
 * Every limit and timeout of the data plane, each with its reason. Nothing here knows a vendor; what a vendor limits itself
 * (the size of a request body, the length of an idempotency key) is in its own form.
 */

export interface Limits {
  /** Calls in the gateway at once. Each may hold a body and an answer in memory; past this a clear 503 is kinder than swapping. */
  readonly callsMax: number;
  /** The same for one vault key: five times what 200 calls at once need, and an eighth of what all have. */
  readonly callsPerKeyMax: number;
  /** The request target. Longer than any SDK's longest list query, shorter than what a header line may be. */
  readonly targetLengthMax: number;
  /** How much of a path an audit row of a refused call keeps: enough to see what was tried, too little to fill a disk with. */
  readonly rowPathLengthMax: number;
  /** Request bodies held in memory by all calls together: enough for a few hundred of the largest, or for any number of usual ones. */
  readonly bodiesBytesMax: number;
  /** The same for one vault key: one of the largest bodies that any vendor takes, or any number of usual ones. */
  readonly bodyBytesPerKeyMax: number;
  /** Uploads at once, of all keys and of one: each holds a socket to the vendor for as long as its caller likes. */
  readonly streamsMax: number;
  readonly streamsPerKeyMax: number;
  /** A file that passes through piece by piece. Vendors take files of some megabytes: https://docs.stripe.com/file-upload */
  readonly streamedBodyBytesMax: number;
  /** Calls of which the price is still to come. Beyond it the newest wait for the next start, or for a call that asks. */
  readonly followUpsMax: number;
  /** Questions about one call: the last is asked a month after the first. What has no price by then is for people to look at. */
  readonly followUpAsksMax: number;
  /** From the first byte of a body to its last. A caller that needs longer than this for a few kilobytes is stuck. */
  readonly bodyMs: number;
  /** A decision of the store. It takes a millisecond; after five seconds the disk or the database is not well. */
  readonly storeMs: number;
  /** Questions to the vendor before one call: the longest chain that a price needs has four, and one more is a margin. */
  readonly lookUpsMax: number;
  /** A look-up's answer is one object. */
  readonly lookUpBytesMax: number;
  /** Sockets per vendor host. Vendors allow about a hundred calls a second; this is room for calls that take two seconds. */
  readonly connectionsMax: number;
  /** TCP and TLS to a vendor: ten round trips across the world and a lost packet. */
  readonly connectMs: number;
  /** How long a call may wait for a free socket. It has not left, so giving up is safe. */
  readonly queueMs: number;
  /** From the last byte sent to the first byte of the answer: the official SDKs' own time limit (80 s), so we never give up first. */
  readonly answerMs: number;
  /** Silence in the middle of an answer. */
  readonly answerIdleMs: number;
  /** A whole exchange, however slowly it trickles: no answer of an API takes ten minutes. */
  readonly exchangeMs: number;
  /** An idle socket that the vendor is about to close makes an unknown outcome; vendors keep theirs open for a minute or so. */
  readonly idleSocketMs: number;
  /** Even where the vendor offers longer. */
  readonly idleSocketMsMax: number;
  /** Header block of an answer. */
  readonly answerHeaderBytesMax: number;
  /** An answer up to this size is looked at whole and sent in one piece; a longer one is streamed. */
  readonly answerBufferBytesMax: number;
  /** Answers to money calls are read whole up to here, because the meter needs all of it; a longer one is of unknown outcome. */
  readonly moneyAnswerBytesMax: number;
  /** Decompressed: what a small answer may unfold to. Bounds both memory and the time that unfolding takes. */
  readonly decodedBytesMax: number;
  /** Revoked keys remembered by the registry; only calls that were half way in when the revocation came need it, for milliseconds. */
  readonly revokedRemembered: number;
}

export const LIMITS: Limits = {
  callsMax: 8_192,
  callsPerKeyMax: 1_024,
  targetLengthMax: 16 * 1024,
  rowPathLengthMax: 512,
  bodiesBytesMax: 256 * 1024 * 1024,
  bodyBytesPerKeyMax: 64 * 1024 * 1024,
  streamsMax: 64,
  streamsPerKeyMax: 8,
  streamedBodyBytesMax: 64 * 1024 * 1024,
  followUpsMax: 50_000,
  followUpAsksMax: 125,
  bodyMs: 30_000,
  storeMs: 5_000,
  lookUpsMax: 5,
  lookUpBytesMax: 1024 * 1024,
  connectionsMax: 256,
  connectMs: 10_000,
  queueMs: 15_000,
  answerMs: 80_000,
  answerIdleMs: 60_000,
  exchangeMs: 600_000,
  idleSocketMs: 10_000,
  idleSocketMsMax: 60_000,
  answerHeaderBytesMax: 32 * 1024,
  answerBufferBytesMax: 256 * 1024,
  moneyAnswerBytesMax: 4 * 1024 * 1024,
  decodedBytesMax: 8 * 1024 * 1024,
  revokedRemembered: 10_000,
};
