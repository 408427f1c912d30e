/**
 * Against vendors that misbehave on real sockets. Two things are asked in every case: how often the request stood on the wire, and
 * whether the registry's count came back to nothing.
 */
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type ServerResponse } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Fault, Secret, type Credential, type KeyId, type Vendor } from "@keybrake/core";
import { makeKey, TestClock } from "@keybrake/testing";
import { stripe } from "@keybrake/vendors";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createForwarder,
  type AnswerRest,
  type Forwarded,
  type Forwarder,
  type Outgoing,
  type Passage,
} from "./forward.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { createRegistry, type Registry } from "./registry.ts";

const clock = new TestClock();
const KEY: KeyId = makeKey(clock.now()).id;
const OTHER_KEY: KeyId = makeKey(clock.now()).id;
const SECRET_TEXT = "sk_test_theVendorsOwnSecret";
const SECRET = new Secret(SECRET_TEXT);
const CREDENTIAL: Credential = {
  id: makeKey(clock.now()).credentialId,
  vendor: "acme",
  name: "main",
  livemode: false,
  sandbox: false,
  accountId: null,
  isDefault: true,
  createdAt: clock.now(),
  rotatedAt: null,
  removedAt: null,
};
const ACME: Vendor = {
  ...stripe,
  id: "acme",
  authorization: (secret) => ({ headers: ["X-Secret", secret], needles: [secret] }),
};

// ------------------------------------------------------------------------------------------------------------ the world of a test

let servers: Server[] = [];
let sockets: Set<Socket> = new Set();
let forwarders: Forwarder[] = [];
let passages: Passage[] = [];
/** Calls that left and are not back, over all registries of a test. */
let out = 0;

beforeEach(() => {
  [servers, forwarders, passages, out] = [[], [], [], 0];
  sockets = new Set();
});
afterEach(async () => {
  // Every test ends what it began: whatever happened to a call, the registry has been told that it is over.
  await Promise.all(passages.map((passage) => passage.result));
  expect(out, "calls that the registry believes to be on their way").toBe(0);
  await Promise.all(forwarders.map((forwarder) => forwarder.close()));
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

function countingRegistry(): Registry {
  const registry = createRegistry(10);
  return {
    ...registry,
    leave(keyId) {
      const may = registry.leave(keyId);
      if (may) out += 1;
      return may;
    },
    arrived(keyId) {
      out -= 1;
      registry.arrived(keyId);
    },
  };
}

interface Bench {
  readonly registry: Registry;
  readonly forwarder: Forwarder;
  readonly send: (url: string, more?: Partial<Outgoing>) => Passage;
}

function bench(limits: Partial<Limits> = {}): Bench {
  const registry = countingRegistry();
  const forwarder = createForwarder(registry, { ...LIMITS, ...limits });
  forwarders.push(forwarder);
  return {
    registry,
    forwarder,
    send(url, more = {}) {
      const passage = forwarder.send({
        vendor: ACME,
        credential: CREDENTIAL,
        secret: SECRET,
        baseUrl: url,
        keyId: KEY,
        method: "POST",
        target: "/v1/refunds",
        headers: ["Content-Type", "text/plain"],
        authorizationAt: 0,
        body: Buffer.from("amount=1"),
        bufferBytes: () => 64 * 1024,
        stillWanted: () => true,
        ...more,
      });
      passages.push(passage);
      return passage;
    },
  };
}

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function httpVendor(listener: RequestListener): Promise<string> {
  return listening(createHttpServer(listener));
}

interface RawVendor {
  readonly url: string;
  /** Everything that came, over all connections. */
  readonly received: () => string;
  /** Requests of which at least the first line came. */
  readonly requests: () => number;
  readonly connections: () => number;
}

/** A vendor that sees bytes: told of each chunk, with how many whole requests this connection has had. */
async function rawVendor(
  onBytes: (socket: Socket, wholeRequests: number) => void,
  onConnection: (socket: Socket) => void = () => {},
): Promise<RawVendor> {
  const received: string[] = [];
  let connections = 0;
  const url = await listening(
    createServer((socket) => {
      const mine = received.push("") - 1;
      connections += 1;
      socket.on("error", () => {});
      onConnection(socket);
      socket.on("data", (chunk: Buffer) => {
        received[mine] += chunk.toString("latin1");
        onBytes(socket, received[mine]?.match(/amount=1/g)?.length ?? 0);
      });
    }),
  );
  return {
    url,
    received: () => received.join(""),
    requests: () => received.join("").match(/ HTTP\/1\.1\r\n/g)?.length ?? 0,
    connections: () => connections,
  };
}

/** A port on which nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer();
  const url = await listening(server);
  server.close();
  await once(server, "close");
  return url;
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/** `whole 200 {}`, `lost`, `not_sent revoked`: what came of it, in a word. */
async function outcome(passage: Passage): Promise<string> {
  const forwarded = await passage.result;
  switch (forwarded.kind) {
    case "whole":
      return `whole ${forwarded.head.status} ${Buffer.from(forwarded.body).toString()}`;
    case "long":
      return `long ${forwarded.head.status}`;
    case "lost":
      return forwarded.timedOut ? "lost in time" : "lost";
    case "not_sent":
      return `not_sent ${forwarded.reason}`;
  }
}

async function longAnswer(passage: Passage): Promise<Extract<Forwarded, { kind: "long" }>> {
  const forwarded = await passage.result;
  if (forwarded.kind !== "long") throw new Error(`the answer is ${forwarded.kind}`);
  return forwarded;
}

/** A promise that is kept from outside. */
function signal(): { readonly promise: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const promise = new Promise<void>((resolve) => (give = resolve));
  return { promise, give };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

// --------------------------------------------------------------------------------------------------------------------- the request

describe("the request on the wire", () => {
  test("is what was handed over, byte for byte, with the secret in its place", async () => {
    const vendor = await rawVendor((socket) => void socket.write(OK));
    const { send } = bench();
    const headers = ["user-AGENT", "sdk", "X-Empty", "", "X-Name", "Ren\u00e9", "Accept", "a", "Accept", "b"];
    const passage = send(vendor.url, { target: "/v1/x?expand[]=a&b='%2f", headers, authorizationAt: 2 });
    expect(await outcome(passage)).toBe("whole 200 {}");
    expect(vendor.received().split("\r\n")).toEqual([
      "POST /v1/x?expand[]=a&b='%2f HTTP/1.1",
      `host: ${new URL(vendor.url).host}`,
      "connection: keep-alive",
      "user-AGENT: sdk",
      `X-Secret: ${SECRET_TEXT}`,
      "X-Empty: ",
      "X-Name: Ren\u00e9",
      "Accept: a",
      "Accept: b",
      "content-length: 8",
      "",
      "amount=1",
    ]);
  });

  test.each<[string, Partial<Outgoing>, RegExp]>([
    ["a GET without a body has no length", { method: "GET", body: null }, /^GET (?!.*content-length)/is],
    ["a POST without a body says so", { body: null }, /\r\ncontent-length: 0\r\n\r\n$/i],
    ["a DELETE with a body has its length", { method: "DELETE" }, /\r\ncontent-length: 8\r\n\r\namount=1$/i],
    [
      "of a view only what is in view goes",
      { body: new TextEncoder().encode("xxamount=1xx").subarray(2, 10) },
      /\r\ncontent-length: 8\r\n\r\namount=1$/i,
    ],
  ])("%s", async (_what, more, expected) => {
    const vendor = await rawVendor((socket) => void socket.write(OK));
    expect(await outcome(bench().send(vendor.url, more))).toBe("whole 200 {}");
    expect(vendor.received()).toMatch(expected);
  });

  test("stands under the path of the base URL", async () => {
    const vendor = await rawVendor((socket) => void socket.write(OK));
    for (const base of [`${vendor.url}/base/`, `${vendor.url}/base`, `${vendor.url}/`, vendor.url])
      await bench().send(base, { method: "GET", body: null }).result;
    expect(vendor.received().match(/^GET .*/gm)).toEqual([
      "GET /base/v1/refunds HTTP/1.1",
      "GET /base/v1/refunds HTTP/1.1",
      "GET /v1/refunds HTTP/1.1",
      "GET /v1/refunds HTTP/1.1",
    ]);
  });

  test("carries the secret of its own credential, though another went before", async () => {
    const vendor = await rawVendor((socket) => void socket.write(OK));
    const { send } = bench({ connectionsMax: 1 });
    for (const secret of ["one", "two", "one"].map((text) => new Secret(text)))
      await send(vendor.url, { secret }).result;
    expect(vendor.received().match(/(?<=X-Secret: ).*/g)).toEqual(["one", "two", "one"]);
  });

  test("asks the vendor once how a secret is carried, however many calls carry it", async () => {
    const vendor = await rawVendor((socket) => void socket.write(OK));
    let asked = 0;
    const counting: Vendor = {
      ...ACME,
      authorization(secret, credential) {
        asked += 1;
        return ACME.authorization(secret, credential);
      },
    };
    const { send } = bench();
    for (let call = 0; call < 3; call++) await send(vendor.url, { vendor: counting }).result;
    expect([asked, vendor.requests()]).toEqual([1, 3]);
  });

  test.each<[string, Partial<Outgoing>]>([
    ["a header's value breaks the line", { headers: ["X", "a\r\nHost: evil"] }],
    ["a header's name is none", { headers: ["X Y", "a"] }],
    ["a header frames the body another way", { headers: ["Transfer-Encoding", "chunked"] }],
    ["a header declares another length", { headers: ["Content-Length", "3"] }],
    ["the target breaks the line", { target: "/v1/x HTTP/1.1\r\nHost: evil" }],
    ["the target is not a path", { target: "v1/x" }],
    ["the method breaks the line", { method: "GET / HTTP/1.1\r\n" }],
  ])("does not exist where %s: nothing is sent", async (_what, more) => {
    const vendor = await rawVendor((socket) => void socket.write(OK));
    const { send } = bench();
    expect(await outcome(send(vendor.url, more))).toBe("not_sent unreachable");
    expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
    expect(vendor.requests()).toBe(1);
  });

  test.each(["nonsense", "", "//host"])("does not exist where the base URL is %j: that is a fault", (baseUrl) => {
    expect(() => bench().send(baseUrl)).toThrow(Fault);
    expect(passages).toEqual([]);
  });
});

// ---------------------------------------------------------------------------------------------------------------------- the answer

describe("a whole answer", () => {
  test("comes with its status, words, headers and bytes as they were", async () => {
    const vendor = await rawVendor(
      (socket) =>
        void socket.write(
          Buffer.concat([
            Buffer.from("HTTP/1.1 402 Payment Req\r\nX-a: 1\r\nX-A: 2\r\nx-NAME: Ren\u00e9\r\nEmpty:\r\n", "latin1"),
            Buffer.from("Content-Length: 3\r\n\r\n"),
            Buffer.of(0, 0xff, 0x80),
          ]),
        ),
    );
    const passage = bench().send(vendor.url);
    expect(await passage.result).toMatchObject({
      kind: "whole",
      head: {
        status: 402,
        statusText: "Payment Req",
        headers: ["X-a", "1", "X-A", "2", "x-NAME", "Ren\u00e9", "Empty", "", "Content-Length", "3"],
      },
      body: Buffer.of(0, 0xff, 0x80),
    });
    expect(passage.left).toBe(true);
    expect(passage.upstreamMs()).toBeGreaterThanOrEqual(0);
  });

  test("brings the redactor of its secret along", async () => {
    const url = await httpVendor((_request, response) => response.end(SECRET_TEXT));
    const answer = await bench().send(url).result;
    expect(answer.kind === "whole" && Buffer.from(answer.redactor.bytes(answer.body)).toString()).toBe("[redacted]");
  });

  test.each<[string, readonly string[], string]>([
    ["in pieces", ["HTTP/1.1 200 OK\r\nContent-Le", "ngth: 4\r\n\r\n{", '""}'], 'whole 200 {""}'],
    [
      "in chunks",
      ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", "1\r\n}\r\n0\r\n\r\n"],
      "whole 200 {}",
    ],
    ["behind 103 Early Hints", ["HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", OK], "whole 200 {}"],
    ["behind 102 Processing twice", ["HTTP/1.1 102 P\r\n\r\nHTTP/1.1 102 P\r\n\r\n", OK], "whole 200 {}"],
    ["behind an interim answer in the same piece", [`HTTP/1.1 103 Early Hints\r\n\r\n${OK}`], "whole 200 {}"],
    ["without a body", ["HTTP/1.1 204 No Content\r\n\r\n"], "whole 204 "],
    ["of length nothing", ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], "whole 200 "],
    ["of the vendor's own failing", ["HTTP/1.1 500 Oops\r\nContent-Length: 1\r\n\r\n!"], "whole 500 !"],
    ["of HTTP/1.0", ["HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"], "whole 200 {}"],
  ])("is whole when it comes %s, and the request was sent once", async (_how, pieces, expected) => {
    const vendor = await rawVendor((socket) => void write(socket, pieces));
    expect(await outcome(bench().send(vendor.url))).toBe(expected);
    expect(vendor.requests()).toBe(1);
  });

  test("is bounded by what its own status is worth, not by that of an interim answer", async () => {
    const vendor = await rawVendor((socket) => void socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${OK}`));
    const asked: number[] = [];
    const bufferBytes = (status: number): number => asked.push(status) * 10;
    expect(await outcome(bench().send(vendor.url, { bufferBytes }))).toBe("whole 200 {}");
    expect(asked).toEqual([200]);
  });

  test("may end with its connection, if the vendor promised no length", async () => {
    const vendor = await rawVendor((socket) => void socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}"));
    expect(await outcome(bench().send(vendor.url))).toBe("whole 200 {}");
  });

  test("may come before the request has been read", async () => {
    const url = await httpVendor((request, response) => {
      response.writeHead(413).end("too much");
      request.resume();
    });
    expect(await outcome(bench().send(url, { body: Buffer.alloc(4 * 1024 * 1024) }))).toBe("whole 413 too much");
  });

  test.each([301, 302, 303, 307, 308])("that redirects is handed back and not followed: %i", async (status) => {
    let followed = 0;
    const elsewhere = await httpVendor((_request, response) => {
      followed += 1;
      response.end();
    });
    const url = await httpVendor((request, response) => {
      if (request.url !== "/v1/refunds") followed += 1;
      response.writeHead(status, { Location: request.url === "/v1/refunds" ? `${elsewhere}/x` : "/y" }).end("moved");
    });
    const passage = bench().send(url);
    expect(await outcome(passage)).toBe(`whole ${status} moved`);
    await turns(3);
    expect(followed).toBe(0);
  });

  test("says for how long it was waited for; a call that did not leave has no such time", async () => {
    const url = await httpVendor((_request, response) => response.end());
    const arrived = bench().send(url);
    await arrived.result;
    expect(arrived.upstreamMs()).toEqual(expect.any(Number));
    const stayed = bench().send(await nowhere());
    await stayed.result;
    expect(stayed.upstreamMs()).toBeNull();
    expect(stayed.left).toBe(false);
  });
});

async function write(socket: Socket, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece);
    await turns(2);
  }
}

describe("bytes left and no whole answer came: the call is lost, and is not sent again", () => {
  type Deed = (socket: Socket) => void;
  const saying =
    (text: string): Deed =>
    (socket) =>
      void socket.write(text);
  const sayingLast =
    (text: string): Deed =>
    (socket) =>
      void socket.end(text);

  const cases: readonly (readonly [string, Deed])[] = [
    ["the vendor closes without a word", (socket) => socket.end()],
    ["the vendor drops the connection", (socket) => socket.destroy()],
    ["the vendor resets the connection", (socket) => socket.resetAndDestroy()],
    ["the answer ends in its status line", sayingLast("HTTP/1.1 200 O")],
    ["the answer ends in its headers", sayingLast("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n")],
    ["the answer ends before its body", sayingLast("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")],
    ["the answer is shorter than promised", sayingLast("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")],
    [
      "the answer is shorter than promised and closes as promised",
      sayingLast("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\n{}"),
    ],
    ["the last chunk is missing", sayingLast("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")],
    [
      "the last chunk is missing and it closes as promised",
      sayingLast("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    ],
    [
      "the answer is reset in its middle",
      (socket) => void resetAfter(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"),
    ],
    ["the answer is no HTTP", saying("SSH-2.0-OpenSSH_9.6\r\n")],
    ["the answer is noise", saying("\0\x01\x02\xff\xfe")],
    ["the answer has no status line", saying("{}\r\n\r\n")],
    ["the answer's status is no number", saying("HTTP/1.1 abc OK\r\n\r\n")],
    ["a header has no colon", saying("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n{}")],
    ["a chunk's length is no number", saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}")],
    ["two lengths contradict", saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")],
    ["a length is no number", saying("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}")],
    ["a length is negative", saying("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}")],
    [
      "length and chunks contradict",
      saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"),
    ],
    [
      "the vendor changes the protocol unasked",
      saying("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
    ],
    // Undici takes it for an answer nobody asked for. A vendor may send it (RFC 9110, section 15.2.1), but ours never asked for it.
    ["the vendor sends 100 Continue unasked", saying(`HTTP/1.1 100 Continue\r\n\r\n${OK}`)],
    ["only interim answers come, and the end", sayingLast("HTTP/1.1 103 Early Hints\r\n\r\n")],
    ["the head is larger than the limit", saying(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(5_000)}\r\n\r\n`)],
    [
      "there are more headers than the limit has room for",
      saying(`HTTP/1.1 200 OK\r\n${"X: yyyyyyyy\r\n".repeat(600)}\r\n`),
    ],
  ];

  describe.each<[string, Partial<Outgoing>]>([
    ["POST", {}],
    ["POST with an idempotency key", { headers: ["Idempotency-Key", "k"] }],
    ["GET", { method: "GET", body: null, headers: ["X", "amount=1"] }],
  ])("%s", (_method, more) => {
    test.each(cases)("%s", async (_what, deed) => {
      const vendor = await rawVendor((socket, whole) => {
        if (whole === 1) deed(socket);
      });
      const { send, registry } = bench({ answerHeaderBytesMax: 4_096 });
      const passage = send(vendor.url, more);
      const forwarded = await passage.result;
      expect(forwarded).toMatchObject({ kind: "lost", timedOut: false });
      expect(passage.left).toBe(true);
      expect(await registry.drain(KEY, 0)).toBe(0);
      await turns(5);
      expect(vendor.requests()).toBe(1);
    });
  });

  test("whether or not the request had been read", async () => {
    const body = Buffer.alloc(2 * 1024 * 1024, "amount=1");
    for (const leave of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.destroy()]) {
      const vendor = await rawVendor((socket) => void leave(socket));
      expect(await outcome(bench().send(vendor.url, { body }))).toBe("lost");
      await turns(5);
      expect(vendor.requests()).toBe(1);
    }
  });

  test("and why never quotes the secret, nor anything else that was sent or came back", async () => {
    const echoes = [
      `${SECRET_TEXT}\r\n\r\n`,
      `HTTP/1.1 200 ${SECRET_TEXT}\r\n${SECRET_TEXT}\r\n\r\n`,
      `HTTP/1.1 ${SECRET_TEXT}`,
    ];
    for (const echo of echoes) {
      const vendor = await rawVendor((socket) => void socket.end(echo));
      const lost = await bench().send(vendor.url).result;
      expect(lost.kind === "lost" && lost.why).toMatch(/^The exchange with the vendor failed \(\w{1,40}\)\.$/);
      expect(JSON.stringify(lost)).not.toContain(SECRET_TEXT);
    }
  });
});

async function resetAfter(socket: Socket, text: string): Promise<void> {
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  await turns(3);
  socket.resetAndDestroy();
}

// -------------------------------------------------------------------------------------------------------------------- time limits

describe("time", () => {
  test("silence before the answer, and in its middle, is lost in time", async () => {
    const vendor = await rawVendor(() => {});
    const stalls = await rawVendor((socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"));
    const { send } = bench({ answerMs: 50, answerIdleMs: 50 });
    expect(await Promise.all([outcome(send(vendor.url)), outcome(send(stalls.url))])).toEqual([
      "lost in time",
      "lost in time",
    ]);
    expect([vendor.requests(), stalls.requests()]).toEqual([1, 1]);
  });

  test("an answer that trickles without end is lost in time", async () => {
    const trickles = (piece: string) => (socket: Socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      const timer = setInterval(() => socket.write(piece), 2);
      socket.on("close", () => clearInterval(timer));
    };
    const vendor = await rawVendor(trickles("1\r\nx\r\n"));
    const passage = bench({ exchangeMs: 40 }).send(vendor.url);
    expect(await outcome(passage)).toBe("lost in time");
    expect(await passage.result).toMatchObject({ why: "The vendor's answer took too long." });
    expect(vendor.requests()).toBe(1);
  });

  test("interim answers without end are lost in time", async () => {
    const vendor = await rawVendor((socket) => {
      const timer = setInterval(() => socket.write("HTTP/1.1 102 Processing\r\n\r\n"), 2);
      socket.on("close", () => clearInterval(timer));
    });
    expect(await outcome(bench({ exchangeMs: 40 }).send(vendor.url))).toBe("lost in time");
  });

  test("a long answer that nobody reads is ended too, and says so to whoever comes late", async () => {
    const url = await httpVendor((_request, response) => response.end(Buffer.alloc(1024 * 1024)));
    const { send, registry } = bench({ exchangeMs: 300 });
    const { rest } = await longAnswer(send(url, { bufferBytes: () => 10 }));
    expect(await registry.drain(KEY, LIMITS.exchangeMs)).toBe(0);
    expect((await readAll(rest)).ending).toBe("The vendor's answer took too long.");
  });

  test("a call that finds no free socket in time was not sent, and never will be", async () => {
    const release = signal();
    const taken = signal();
    const seen: (string | undefined)[] = [];
    const url = await httpVendor((request, response) => {
      seen.push(request.url);
      taken.give();
      void release.promise.then(() => response.end());
    });
    const { send } = bench({ connectionsMax: 1, queueMs: 200 });
    const first = send(url, { target: "/first" });
    await taken.promise;
    const second = send(url, { target: "/second" });
    expect(await second.result).toEqual({
      kind: "not_sent",
      reason: "unreachable",
      why: "No connection to the vendor became free in time.",
    });
    release.give();
    expect(await outcome(first)).toBe("whole 200 ");
    expect(await outcome(send(url, { target: "/third" }))).toBe("whole 200 ");
    expect(seen).toEqual(["/first", "/third"]);
  });

  test("of the queue is over once a call has left", async () => {
    const release = signal();
    const waitedFor = signal();
    const url = await httpVendor((_request, response) => {
      waitedFor.give();
      void release.promise.then(() => response.end("late"));
    });
    const { send } = bench({ connectionsMax: 1, queueMs: 200 });
    const first = send(url);
    await waitedFor.promise;
    // The one behind it runs out of time while the first is still waited for.
    expect(await outcome(send(url))).toBe("not_sent unreachable");
    release.give();
    expect(await outcome(first)).toBe("whole 200 late");
  });
});

// ------------------------------------------------------------------------------------------------------------- before it has left

describe("nothing was sent", () => {
  test("when nobody listens there", async () => {
    const passage = bench().send(await nowhere());
    expect(await passage.result).toEqual({
      kind: "not_sent",
      reason: "unreachable",
      why: "The exchange with the vendor failed (ECONNREFUSED).",
    });
    expect(passage.left).toBe(false);
  });

  test("to many at once when nobody listens there, and each is told", async () => {
    const url = await nowhere();
    const { send } = bench({ connectionsMax: 2 });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(send(url))));
    expect(new Set(outcomes)).toEqual(new Set(["not_sent unreachable"]));
  });

  test("when the name is nobody's", async () => {
    expect(await outcome(bench().send("http://vendor.invalid"))).toBe("not_sent unreachable");
  });

  test("when the other side does not speak TLS", async () => {
    const vendor = await rawVendor((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await outcome(bench().send(vendor.url.replace("http:", "https:")))).toBe("not_sent unreachable");
    expect(vendor.received()).not.toContain("amount=1");
    expect(vendor.received()).not.toContain(SECRET_TEXT);
  });

  /** One socket, taken by a call that waits for `release`. */
  async function busy() {
    const release = signal();
    const taken = signal();
    const seen: (string | undefined)[] = [];
    const url = await httpVendor((request, response) => {
      seen.push(request.url);
      taken.give();
      void release.promise.then(() => response.end());
    });
    const own = bench({ connectionsMax: 1 });
    const first = own.send(url, { target: "/first", keyId: OTHER_KEY });
    await taken.promise;
    return { ...own, url, seen, first, release: release.give };
  }

  test("when its key is revoked while it waits for a socket", async () => {
    const { send, url, registry, release, first, seen } = await busy();
    const waiting = send(url, { target: "/revoked" });
    const behind = send(url, { target: "/behind", keyId: OTHER_KEY });
    expect(await registry.drain(KEY, 0)).toBe(0);
    release();
    expect(await waiting.result).toEqual({
      kind: "not_sent",
      reason: "revoked",
      why: "The vault key was revoked before the call was sent.",
    });
    expect(waiting.left).toBe(false);
    // The one behind it in the queue is another key's, and takes no harm.
    expect(await Promise.all([outcome(first), outcome(behind)])).toEqual(["whole 200 ", "whole 200 "]);
    expect(seen).toEqual(["/first", "/behind"]);
  });

  test("when its key was revoked before it was even queued", async () => {
    const vendor = await rawVendor((socket) => void socket.write(OK));
    const { send, registry } = bench();
    await registry.drain(KEY, 0);
    expect(await outcome(send(vendor.url))).toBe("not_sent revoked");
    expect(vendor.received()).toBe("");
  });

  test("when nobody waits for it any more, which is asked at the last moment", async () => {
    const { send, url, release, first, seen } = await busy();
    let asked = 0;
    let wanted = true;
    const stillWanted = (): boolean => {
      asked += 1;
      return wanted;
    };
    const waiting = send(url, { target: "/unwanted", stillWanted });
    await turns(3);
    expect(asked).toBe(0);
    wanted = false;
    release();
    expect(await outcome(waiting)).toBe("not_sent unwanted");
    expect(await outcome(first)).toBe("whole 200 ");
    expect(asked).toBe(1);
    expect(seen).toEqual(["/first"]);
  });

  test("when it was ended while it waited, and the vendor never sees it", async () => {
    const { send, url, release, first, seen } = await busy();
    const waiting = send(url, { target: "/ended" });
    waiting.abort("Enough.");
    expect(await waiting.result).toEqual({ kind: "not_sent", reason: "stopping", why: "Enough." });
    waiting.abort("Again.");
    release();
    await first.result;
    expect(await outcome(send(url, { target: "/third" }))).toBe("whole 200 ");
    expect(seen).toEqual(["/first", "/third"]);
    expect(waiting.left).toBe(false);
  });

  test("when it was ended in the same turn in which it was queued", async () => {
    const vendor = await rawVendor((socket) => void socket.write(OK));
    const { send } = bench();
    const passage = send(vendor.url);
    passage.abort("Enough.");
    expect(await outcome(passage)).toBe("not_sent stopping");
    expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
    expect(vendor.requests()).toBe(1);
  });

  test("when the forwarder is closed while it waits; what had left is lost", async () => {
    const { send, url, forwarder, first, seen } = await busy();
    const waiting = send(url, { target: "/waiting" });
    await forwarder.close();
    expect(await outcome(waiting)).toBe("not_sent stopping");
    expect(await outcome(first)).toBe("lost");
    expect(await outcome(send(url, { target: "/late" }))).toMatch(/^not_sent /);
    expect(seen).toEqual(["/first"]);
  });
});

// ------------------------------------------------------------------------------------------------------------ after it has left

describe("once it has left", () => {
  test("it counts as on its way until its answer is whole", async () => {
    const release = signal();
    const taken = signal();
    const url = await httpVendor((_request, response) => {
      response.write("{");
      taken.give();
      void release.promise.then(() => response.end("}"));
    });
    const { send, registry } = bench();
    const passage = send(url);
    await taken.promise;
    expect(await registry.drain(KEY, 0)).toBe(1);
    const drained = registry.drain(KEY, 60_000);
    release.give();
    expect(await drained).toBe(0);
    expect(await outcome(passage)).toBe("whole 200 {}");
  });

  test("a revocation does not take it back", async () => {
    const release = signal();
    const taken = signal();
    const url = await httpVendor((_request, response) => {
      taken.give();
      void release.promise.then(() => response.end("done"));
    });
    const { send, registry } = bench();
    const passage = send(url);
    await taken.promise;
    await registry.drain(KEY, 0);
    release.give();
    expect(await outcome(passage)).toBe("whole 200 done");
  });

  test.each<[string, string]>([
    ["before any answer", ""],
    ["in the head of the answer", "HTTP/1.1 200 OK\r\n"],
    ["in the body of the answer", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"],
  ])("ending it %s makes it lost, with our own reason, and frees its place", async (_when, text) => {
    const taken = signal();
    const vendor = await rawVendor((socket, whole) => {
      if (whole !== 1) return;
      if (text !== "") socket.write(text);
      taken.give();
    });
    const { send, registry } = bench();
    const passage = send(vendor.url);
    await taken.promise;
    await turns(5);
    passage.abort("Keybrake stopped.");
    passage.abort("Twice.");
    expect(await passage.result).toEqual({ kind: "lost", timedOut: false, why: "Keybrake stopped." });
    expect(await registry.drain(KEY, 0)).toBe(0);
    expect(vendor.requests()).toBe(1);
  });

  test("ending it after its answer changes nothing", async () => {
    const url = await httpVendor((_request, response) => response.end("done"));
    const passage = bench().send(url);
    expect(await outcome(passage)).toBe("whole 200 done");
    passage.abort("Too late.");
    expect(await outcome(passage)).toBe("whole 200 done");
  });

  test("a mistake of ours while reading the answer loses it and breaks nothing else", async () => {
    const url = await httpVendor((_request, response) => response.end("done"));
    const { send } = bench();
    const mistaken = (): never => {
      throw new Error("our mistake");
    };
    expect(await outcome(send(url, { bufferBytes: mistaken }))).toBe("lost");
    expect(await outcome(send(url))).toBe("whole 200 done");
  });
});

// -------------------------------------------------------------------------------------------------------------- sockets used again

describe("a socket that is used again", () => {
  test("serves the next call, when the vendor keeps it open", async () => {
    const vendor = await rawVendor((socket) => void socket.write(OK));
    const { send } = bench({ connectionsMax: 1 });
    for (let call = 0; call < 5; call++) expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
    expect([vendor.requests(), vendor.connections()]).toEqual([5, 1]);
  });

  test.each<[string, (socket: Socket) => void]>([
    ["closed", (socket) => socket.end()],
    ["reset", (socket) => socket.resetAndDestroy()],
  ])("and turns out to have been %s while it was idle costs nothing: the call takes another", async (_how, leave) => {
    const gone = signal();
    let first = true;
    const vendor = await rawVendor(
      (socket) => {
        socket.write(OK, () => {
          if (!first) return;
          first = false;
          setImmediate(leave, socket);
        });
      },
      (socket) => void socket.on("close", gone.give),
    );
    const { send } = bench({ connectionsMax: 1 });
    expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
    await gone.promise;
    await turns(5);
    expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
    expect([vendor.requests(), vendor.connections()]).toEqual([2, 2]);
  });

  test.each<[string, (socket: Socket) => void]>([
    ["closed", (socket) => socket.end()],
    ["dropped", (socket) => socket.destroy()],
    ["reset", (socket) => socket.resetAndDestroy()],
  ])(
    "and is %s by the vendor as the next request arrives makes that one lost, never sent twice",
    async (_how, leave) => {
      const vendor = await rawVendor((socket, whole) => {
        if (whole === 1 && vendor.connections() === 1) socket.write(OK);
        else if (vendor.connections() === 1) leave(socket);
        else socket.write(OK);
      });
      const { send } = bench({ connectionsMax: 1 });
      expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
      expect(await outcome(send(vendor.url, { headers: ["Idempotency-Key", "k"] }))).toBe("lost");
      expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
      expect(vendor.requests()).toBe(3);
      expect(vendor.received().match(/Idempotency-Key/g)).toHaveLength(1);
    },
  );

  test("and is closed at any moment around the next request: no request stands on the wire twice", async () => {
    const leaves = [
      (socket: Socket) => socket.end(),
      (socket: Socket) => socket.destroy(),
      (socket: Socket) => socket.resetAndDestroy(),
    ];
    let answers = 0;
    const vendor = await rawVendor((socket) => {
      const nth = answers++;
      socket.write(OK);
      const leave = leaves[nth % leaves.length];
      if (leave === undefined || nth % 2 === 1) return;
      // From the same turn to a few turns later.
      void turns(nth % 5).then(() => leave(socket));
    });
    const { send } = bench({ connectionsMax: 2 });
    const outcomes = new Map<string, string>();
    await Promise.all(
      [0, 1].map(async (lane) => {
        for (let call = 0; call < 150; call++) {
          const id = `call-${lane}-${call}-`;
          const method = call % 3 === 0 ? { method: "GET", body: null } : {};
          outcomes.set(id, await outcome(send(vendor.url, { target: `/${id}`, ...method })));
        }
      }),
    );
    const received = vendor.received();
    for (const [id, what] of outcomes) {
      const times = received.split(`/${id} HTTP/1.1`).length - 1;
      expect(times, `${id} was ${what}`).toBeLessThanOrEqual(1);
      if (what === "whole 200 {}") expect(times, `${id} was ${what}`).toBe(1);
      else if (what === "not_sent unreachable") expect(times, `${id} was ${what}`).toBe(0);
      else expect(what).toBe("lost");
    }
    // The vendor did close sockets under it, and not every call was lost to that.
    expect(vendor.connections()).toBeGreaterThan(2);
    expect([...outcomes.values()]).toContain("whole 200 {}");
  });

  test("never answers a call with bytes that stood behind the answer to the one before", async () => {
    const forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
    const vendor = await rawVendor((socket) => void socket.write(vendor.connections() === 1 ? OK + forged : OK));
    const { send } = bench({ connectionsMax: 1 });
    const outcomes = await Promise.all([send(vendor.url), send(vendor.url), send(vendor.url)].map(outcome));
    expect(outcomes).toEqual(["whole 200 {}", "whole 200 {}", "whole 200 {}"]);
    expect(vendor.requests()).toBe(3);
  });

  test("never answers a call with what the vendor said while it was idle", async () => {
    const gone = signal();
    const vendor = await rawVendor(
      (socket) => {
        const forges = vendor.connections() === 1;
        socket.write(OK, () => {
          if (forges) void turns(3).then(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"));
        });
      },
      (socket) => void socket.on("close", gone.give),
    );
    const { send } = bench({ connectionsMax: 1 });
    expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
    await gone.promise;
    expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
    expect(vendor.connections()).toBe(2);
  });

  test("is not used again after a call on it was ended in its middle", async () => {
    const taken = signal();
    const vendor = await rawVendor((socket) => {
      if (vendor.connections() === 1) taken.give();
      else socket.write(OK);
    });
    const { send } = bench({ connectionsMax: 1 });
    const ended = send(vendor.url);
    await taken.promise;
    ended.abort("Enough.");
    expect(await outcome(send(vendor.url))).toBe("whole 200 {}");
    expect([vendor.requests(), vendor.connections()]).toEqual([2, 2]);
  });

  test("is one of so many and no more", async () => {
    const waiting: ServerResponse[] = [];
    let most = 0;
    const answerAll = (): number => {
      most = Math.max(most, waiting.length);
      for (const each of waiting.splice(0)) each.end();
      return most;
    };
    const url = await httpVendor((_request, response) => {
      waiting.push(response);
      if (waiting.length !== 3) return;
      // Time for a fourth to come, if it could.
      void turns(5).then(answerAll);
    });
    const { send } = bench({ connectionsMax: 3 });
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => outcome(send(url))));
    expect(new Set(outcomes)).toEqual(new Set(["whole 200 "]));
    expect(most).toBe(3);
  });
});

// --------------------------------------------------------------------------------------------------------------------- long answers

interface Read {
  readonly body: Buffer;
  /** "end", or why it was cut. */
  readonly ending: string;
  /** How often it was told that it was over. */
  readonly endings: number;
}

function readAll(rest: AnswerRest): Promise<Read> {
  const chunks: Uint8Array[] = [];
  let endings = 0;
  return new Promise((resolve) => {
    const over = (ending: string): void => {
      endings += 1;
      if (endings === 1) void turns(3).then(() => resolve({ body: Buffer.concat(chunks), ending, endings }));
    };
    rest.read({
      data(chunk) {
        expect(endings, "data behind the end").toBe(0);
        chunks.push(Buffer.from(chunk));
        return true;
      },
      end: () => over("end"),
      lost: over,
    });
  });
}

describe("a long answer", () => {
  const LONG = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
  const sendsIt: RequestListener = (_request, response) => void response.end(LONG);

  test("is one byte longer than the buffer, and a shorter one is whole", async () => {
    const url = await httpVendor((_request, response) => response.end("12345"));
    const { send } = bench();
    expect(await outcome(send(url, { bufferBytes: () => 5 }))).toBe("whole 200 12345");
    const long = await longAnswer(send(url, { bufferBytes: () => 4 }));
    expect(await readAll(long.rest)).toEqual({ body: Buffer.from("12345"), ending: "end", endings: 1 });
  });

  test("is measured by what its status is worth", async () => {
    const url = await httpVendor((request, response) =>
      response.writeHead(Number(request.headers["x-status"])).end("12345"),
    );
    const bufferBytes = (status: number): number => (status === 200 ? 1 : 5);
    const { send } = bench();
    expect(await outcome(send(url, { bufferBytes, headers: ["X-Status", "402"] }))).toBe("whole 402 12345");
    const long = await longAnswer(send(url, { bufferBytes, headers: ["X-Status", "200"] }));
    long.rest.abort();
  });

  test("comes byte for byte, and counts as on its way until its last byte", async () => {
    const { send, registry } = bench();
    const long = await longAnswer(send(await httpVendor(sendsIt), { bufferBytes: () => 1_000 }));
    expect(await registry.drain(KEY, 0)).toBe(1);
    const { body, ending, endings } = await readAll(long.rest);
    expect([ending, endings, body.equals(LONG)]).toEqual(["end", 1, true]);
    expect(await registry.drain(KEY, 0)).toBe(0);
  });

  test("comes byte for byte to a reader who asks to wait after every piece", async () => {
    const long = await longAnswer(bench().send(await httpVendor(sendsIt), { bufferBytes: () => 1_000 }));
    const chunks: Uint8Array[] = [];
    const over = signal();
    long.rest.read({
      data(chunk) {
        chunks.push(Buffer.from(chunk));
        setImmediate(() => long.rest.resume());
        return false;
      },
      end: over.give,
      lost: over.give,
    });
    await over.promise;
    expect(Buffer.concat(chunks).equals(LONG)).toBe(true);
  });

  test("stands still while its reader waits, so that it never piles up here", async () => {
    const PIECE = Buffer.alloc(1024 * 1024);
    const PIECES = 32;
    const stalled = signal();
    let finished = false;
    const url = await httpVendor((_request, response) => {
      let written = 0;
      response.on("finish", () => (finished = true));
      const pump = (): void => {
        while (written < PIECES) {
          written += 1;
          if (response.write(PIECE)) continue;
          response.once("drain", pump);
          // Far from everything has been written, and the vendor is told to wait.
          if (written > 2) stalled.give();
          return;
        }
        response.end();
      };
      pump();
    });
    const long = await longAnswer(bench().send(url, { bufferBytes: () => 1_000 }));
    let got = 0;
    let reads = true;
    const over = signal();
    long.rest.read({
      data(chunk) {
        got += chunk.length;
        return reads;
      },
      end: over.give,
      lost: over.give,
    });
    await stalled.promise;
    reads = false;
    // One more piece may have been on its way.
    await turns(50);
    const stoodAt = got;
    await turns(200);
    expect(got).toBe(stoodAt);
    expect(finished).toBe(false);
    reads = true;
    long.rest.resume();
    await over.promise;
    expect(got).toBe(PIECES * PIECE.length);
  });

  test.each<[string, (socket: Socket) => void]>([
    ["closes", (socket) => socket.end()],
    ["resets", (socket) => socket.resetAndDestroy()],
  ])("is lost when the vendor %s in its middle, after what had come", async (_how, leave) => {
    const go = signal();
    const vendor = await rawVendor((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n12345");
      void go.promise.then(() => leave(socket));
    });
    const { send, registry } = bench();
    const long = await longAnswer(send(vendor.url, { bufferBytes: () => 4 }));
    const reading = readAll(long.rest);
    go.give();
    const { body, ending, endings } = await reading;
    expect(body.toString()).toBe("12345");
    expect(ending).toMatch(/^The exchange with the vendor failed \(/);
    expect(endings).toBe(1);
    expect(await registry.drain(KEY, 0)).toBe(0);
    expect(vendor.requests()).toBe(1);
  });

  test("that is over before anybody reads it is still read whole", async () => {
    const vendor = await rawVendor((socket) => void socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n12345"));
    const { send, registry } = bench();
    const long = await longAnswer(send(vendor.url, { bufferBytes: () => 4 }));
    const reading = readAll(long.rest);
    expect(await reading).toEqual({ body: Buffer.from("12345"), ending: "end", endings: 1 });
    expect(await registry.drain(KEY, 0)).toBe(0);
  });

  test("that nobody wants is dropped, and its place is free at once", async () => {
    const { send, registry } = bench();
    const long = await longAnswer(send(await httpVendor(sendsIt), { bufferBytes: () => 1_000 }));
    long.rest.abort();
    expect(await registry.drain(KEY, 0)).toBe(0);
    expect(await readAll(long.rest)).toEqual({
      body: Buffer.alloc(0),
      ending: "The rest of the answer was not wanted.",
      endings: 1,
    });
  });

  test.each<[string, number]>([
    ["in its first piece", 0],
    ["later", 3],
  ])("whose reader gives up %s tells it so once, and gives it nothing more", async (_when, patience) => {
    const { send, registry } = bench();
    const long = await longAnswer(send(await httpVendor(sendsIt), { bufferBytes: () => 100_000 }));
    const heard: string[] = [];
    const over = signal();
    long.rest.read({
      data() {
        heard.push("data");
        if (heard.length > patience) long.rest.abort();
        return true;
      },
      end: () => void heard.push("end"),
      lost(why) {
        heard.push(why);
        over.give();
      },
    });
    await over.promise;
    await turns(5);
    expect(heard.slice(patience)).toEqual(["data", "The rest of the answer was not wanted."]);
    expect(await registry.drain(KEY, 0)).toBe(0);
  });

  test("is lost to its reader when the forwarder closes", async () => {
    const { send, forwarder, registry } = bench();
    const url = await httpVendor((_request, response) => void response.write(LONG));
    const long = await longAnswer(send(url, { bufferBytes: () => 1_000 }));
    const reading = readAll(long.rest);
    await turns(5);
    await forwarder.close();
    expect(await reading).toMatchObject({ ending: "Keybrake stopped before the exchange was over.", endings: 1 });
    expect(await registry.drain(KEY, 0)).toBe(0);
  });

  test("whose reader breaks is lost, and the next call is served", async () => {
    const url = await httpVendor(sendsIt);
    const { send } = bench({ connectionsMax: 1 });
    const long = await longAnswer(send(url, { bufferBytes: () => 1_000 }));
    const over = signal();
    let pieces = 0;
    long.rest.read({
      data() {
        pieces += 1;
        if (pieces === 5) throw new Error("our mistake");
        return true;
      },
      end() {},
      lost: over.give,
    });
    await over.promise;
    expect(await outcome(send(url, { bufferBytes: () => 1_000_000 }))).toMatch(/^whole 200 /);
  });
});
