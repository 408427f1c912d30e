/**
 * The load: keep-alive connections on plain sockets that send prepared requests and time the answers. Hand-made, because a general
 * HTTP client would cost more than the proxies that it measures. Bounded in count and time.
 *
 * Prints one JSON line: { calls, seconds, callsPerSecond, failed, p50, p99 } (milliseconds).
 */
import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";

export interface LoadPlan {
  readonly port: number;
  readonly path: string;
  /** Bearer tokens, used in turn. */
  readonly tokens: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Calls per second over all connections; 0: as fast as they are answered. */
  readonly rate: number;
}

const plan = JSON.parse(process.argv[2] ?? "{}") as LoadPlan;
const BODY = "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true&description=benchmark";
const latencies: number[] = [];
let failed = 0;
let serial = 0;
const started = performance.now();
const until = started + plan.seconds * 1000;

function request(): string {
  serial += 1;
  const token = plan.tokens[serial % plan.tokens.length] ?? "";
  return (
    `POST ${plan.path} HTTP/1.1\r\nHost: 127.0.0.1:${plan.port}\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: application/x-www-form-urlencoded\r\nIdempotency-Key: bench-${process.pid}-${serial}\r\n` +
    `Stripe-Version: 2026-10-28.endive\r\nUser-Agent: Stripe/v1 NodeBindings/23.1.0\r\nAccept: application/json\r\n` +
    `Content-Length: ${BODY.length}\r\nConnection: keep-alive\r\n\r\n${BODY}`
  );
}

function drive(index: number): Promise<void> {
  return new Promise((resolve) => {
    const socket: Socket = connect(plan.port, "127.0.0.1");
    socket.setNoDelay(true);
    const gap = plan.rate === 0 ? 0 : (1000 * plan.connections) / plan.rate;
    let sentAt = 0;
    let due = started + (gap * index) / plan.connections;
    let text = "";
    const send = (): void => {
      if (performance.now() >= until) {
        socket.end();
        return resolve();
      }
      sentAt = performance.now();
      socket.write(request());
    };
    const next = (): void => {
      if (gap === 0) return send();
      due += gap;
      // Late calls are sent at once and timed from when they were due, so that a stall is not hidden by the load slowing down.
      setTimeout(send, Math.max(0, due - performance.now()));
    };
    socket.once("connect", () => (gap === 0 ? send() : setTimeout(send, Math.max(0, due - performance.now()))));
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(text);
      const complete = length === null ? text.endsWith("0\r\n\r\n") : text.length >= end + 4 + Number(length[1]);
      if (!complete) return;
      latencies.push(performance.now() - sentAt);
      if (!text.startsWith("HTTP/1.1 200")) failed += 1;
      text = "";
      next();
    });
    socket.once("error", () => {
      failed += 1;
      resolve();
    });
    socket.once("close", () => resolve());
  });
}

await Promise.all(Array.from({ length: plan.connections }, (_, index) => drive(index)));
const seconds = (performance.now() - started) / 1000;
latencies.sort((a, b) => a - b);
const at = (share: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
console.log(
  JSON.stringify({
    calls: latencies.length,
    seconds,
    callsPerSecond: latencies.length / seconds,
    failed,
    p50: at(0.5),
    p99: at(0.99),
  }),
);
process.exit(0);
