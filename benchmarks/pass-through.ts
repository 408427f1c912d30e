/**
 * The yardstick: the fastest plain proxy that `node:http` and undici's `dispatch` make. It swaps the credential and forwards; it
 * checks nothing, holds nothing, writes nothing.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool, type Dispatcher } from "undici";

const upstream = process.argv[2] ?? "";
const pool = new Pool(upstream, { connections: 128, pipelining: 1 });

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    const headers: string[] = [];
    for (let index = 0; index < request.rawHeaders.length; index += 2) {
      const name = request.rawHeaders[index] ?? "";
      const lower = name.toLowerCase();
      if (lower === "host" || lower === "connection" || lower === "content-length") continue;
      headers.push(name, lower === "authorization" ? "Bearer sk_test_bench" : (request.rawHeaders[index + 1] ?? ""));
    }
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_controller, status, answerHeaders) {
        response.writeHead(status, answerHeaders as Record<string, string>);
      },
      onResponseData(_controller, chunk) {
        response.write(chunk);
      },
      onResponseEnd() {
        response.end();
      },
      onResponseError() {
        response.destroy();
      },
    };
    pool.dispatch(
      {
        path: request.url ?? "/",
        method: request.method as Dispatcher.HttpMethod,
        headers,
        body: Buffer.concat(chunks),
      },
      handler,
    );
  });
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })));
