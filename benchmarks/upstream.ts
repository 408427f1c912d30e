/**
 * The vendor of the benchmark: answers every POST with a payment that succeeded, as cheaply as Node can, after `--delay` ms.
 * It is the same for every proxy measured, so what it costs falls out of the ratios.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { delay: { type: "string", default: "0" } } });
const delay = Number(values.delay);
const HEAD = '{"id":"pi_';
const TAIL =
  '","object":"payment_intent","amount":1000,"amount_capturable":0,"amount_received":1000,"currency":"usd","customer":null,' +
  '"latest_charge":"ch_3Pgaf0000000000000000000","livemode":false,"metadata":{},"payment_method":"pm_card_visa","status":"succeeded"}';
let count = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.once("end", () => {
    const body = HEAD + String((count += 1)).padStart(24, "0") + TAIL;
    const answer = (): void => {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": body.length,
        "request-id": "req_bench",
      });
      response.end(body);
    };
    if (delay === 0) answer();
    else setTimeout(answer, delay);
  });
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })));
