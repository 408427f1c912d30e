/** Over real sockets, because what node makes of broken framing is half of the guarantee. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readBody, type BodyRead } from "./body.ts";
import { readHeaders } from "./headers.ts";

const LONG_ENOUGH_MS = 20_000;
const BYTES_MAX = 64;

/** What the server does with the next request; answers its body, read. */
let serve: (request: IncomingMessage) => BodyRead | Promise<BodyRead> = () => ({ kind: "cut_off" });
const read: BodyRead[] = [];
let arrival: { resolve(read: BodyRead): void; reject(problem: unknown): void } | null = null;
const sockets: Socket[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await serve(request);
    read.push(body);
    arrival?.resolve(body);
    response.end(body.kind);
  } catch (problem) {
    arrival?.reject(problem);
  }
}

const server = createServer((request, response) => {
  void answer(request, response);
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.close();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  read.length = 0;
  serve = readWith();
});
serve = readWith();

function readWith(bytesMax: number = BYTES_MAX, bodyMs: number = LONG_ENOUGH_MS): typeof serve {
  return (request) => readBody(request, readHeaders(request.rawHeaders), bytesMax, bodyMs);
}

function nextRead(): Promise<BodyRead> {
  return new Promise((resolve, reject) => (arrival = { resolve, reject }));
}

async function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  sockets.push(socket);
  // A connection that is reset under us is what some of these tests are about.
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.setNoDelay(true);
  return socket;
}

function head(...lines: readonly string[]): string {
  return ["POST /v1/x HTTP/1.1", "Host: localhost", ...lines, "", ""].join("\r\n");
}

/** Writes it all, and answers what was read of it. */
async function readOf(bytes: string | Uint8Array): Promise<BodyRead> {
  const socket = await open();
  const answer = nextRead();
  socket.write(bytes);
  return answer;
}

function textOf(read: BodyRead): string {
  return read.kind === "body" ? Buffer.from(read.body).toString() : read.kind;
}

describe("a whole body", () => {
  test.each<[string, string, string]>([
    ["of a declared length", `${head("Content-Length: 5")}a=b&c`, "a=b&c"],
    ["in one chunk", `${head("Transfer-Encoding: chunked")}5\r\na=b&c\r\n0\r\n\r\n`, "a=b&c"],
    ["in chunks", `${head("Transfer-Encoding: chunked")}2\r\na=\r\n3;x=y\r\nb&c\r\n0\r\n\r\n`, "a=b&c"],
    ["in chunks, without its trailers", `${head("Transfer-Encoding: chunked")}1\r\na\r\n0\r\nX: y\r\n\r\n`, "a"],
    ["of no length", head("Content-Length: 0"), ""],
    ["of no length written with two digits", head("Content-Length: 00"), ""],
    ["of no chunks", `${head("Transfer-Encoding: chunked")}0\r\n\r\n`, ""],
    ["that was never announced", head(), ""],
    ["of exactly the limit", `${head(`Content-Length: ${BYTES_MAX}`)}${"x".repeat(BYTES_MAX)}`, "x".repeat(BYTES_MAX)],
    ["that stops where its length says", `${head("Content-Length: 3")}abcGET /v1/x HTTP/1.1\r\n`, "abc"],
    ["that stops at its last chunk", `${head("Transfer-Encoding: chunked")}1\r\na\r\n0\r\n\r\nPOST /v1/y`, "a"],
  ])("%s comes as it is", async (_how, request, expected) => {
    expect(textOf(await readOf(request))).toBe(expected);
  });

  test("comes byte for byte, whatever its bytes and wherever it was cut on the way", async () => {
    serve = readWith(4_096);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
        fc.boolean(),
        async (parts, chunked) => {
          const body = Buffer.concat(parts);
          const socket = await open();
          const answer = nextRead();
          socket.write(head(chunked ? "Transfer-Encoding: chunked" : `Content-Length: ${body.length}`));
          for (const part of parts) {
            if (!chunked) socket.write(part);
            else if (part.length > 0)
              socket.write(Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]));
            await new Promise(setImmediate);
          }
          if (chunked) socket.write("0\r\n\r\n");
          const got = await answer;
          expect(got.kind === "body" && body.equals(got.body)).toBe(true);
          socket.destroy();
        },
      ),
      { numRuns: 50 },
    );
  });

  test("that came in while nobody was reading is still whole", async () => {
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    serve = async (request) => {
      await held;
      return readWith()(request);
    };
    const socket = await open();
    const answer = nextRead();
    socket.write(`${head("Content-Length: 3")}abc`);
    await new Promise(setImmediate);
    goOn();
    expect(textOf(await answer)).toBe("abc");
  });
});

describe("a body beyond the limit", () => {
  test("that says so is turned away before a byte of it has come", async () => {
    expect(await readOf(head(`Content-Length: ${BYTES_MAX + 1}`))).toEqual({ kind: "too_large" });
  });

  test.each([
    ["more than any number", "9".repeat(18)],
    ["more than a number can count", "9007199254740993"],
  ])("that declares %s is turned away", async (_what, length) => {
    expect(await readOf(head(`Content-Length: ${length}`))).toEqual({ kind: "too_large" });
  });

  test("that does not say so is turned away at the first byte too many", async () => {
    const socket = await open();
    const answer = nextRead();
    socket.write(`${head("Transfer-Encoding: chunked")}${BYTES_MAX.toString(16)}\r\n${"x".repeat(BYTES_MAX)}\r\n`);
    await new Promise(setImmediate);
    socket.write("1\r\nx\r\n");
    expect(await answer).toEqual({ kind: "too_large" });
  });

  test("does not break the connection: the caller reads its answer and goes on", async () => {
    const socket = await open();
    const first = nextRead();
    socket.write(`${head("Transfer-Encoding: chunked")}${(1_000).toString(16)}\r\n${"x".repeat(1_000)}\r\n`);
    expect(await first).toEqual({ kind: "too_large" });
    const second = nextRead();
    socket.write(`0\r\n\r\n${head("Content-Length: 1")}a`);
    expect(textOf(await second)).toBe("a");
  });
});

describe("a body that does not become whole", () => {
  test.each<[string, string]>([
    ["of a declared length", `${head("Content-Length: 5")}abcd`],
    ["of which nothing came", head("Content-Length: 5")],
    ["in chunks, without the last one", `${head("Transfer-Encoding: chunked")}4\r\nabcd\r\n`],
    ["in chunks, in the middle of one", `${head("Transfer-Encoding: chunked")}5\r\nabcd`],
    ["in chunks, in the middle of the end", `${head("Transfer-Encoding: chunked")}1\r\na\r\n0\r\n`],
  ])("%s is too slow when its time is over", async (_how, request) => {
    serve = readWith(BYTES_MAX, 20);
    expect(await readOf(request)).toEqual({ kind: "too_slow" });
  });

  test.each<[string, (socket: Socket) => void]>([
    ["goes away", (socket) => socket.destroy()],
    ["resets", (socket) => socket.resetAndDestroy()],
    ["says that nothing more comes", (socket) => socket.end()],
  ])("is cut off when the caller %s", async (_how, leave) => {
    for (const request of [`${head("Content-Length: 5")}abcd`, `${head("Transfer-Encoding: chunked")}4\r\nabcd\r\n`]) {
      const socket = await open();
      const answer = nextRead();
      const began = once(server, "request");
      socket.write(request);
      await began;
      leave(socket);
      expect(await answer).toEqual({ kind: "cut_off" });
    }
  });

  test("is cut off when the caller was gone before anybody read", async () => {
    serve = async (request) => {
      await new Promise<void>((resolve) => request.once("close", resolve));
      return readWith()(request);
    };
    const socket = await open();
    const answer = nextRead();
    const began = once(server, "request");
    socket.write(`${head("Content-Length: 5")}abcd`);
    await began;
    socket.destroy();
    expect(await answer).toEqual({ kind: "cut_off" });
  });

  test.each<[string, string]>([
    ["a chunk whose length is no number", "zz\r\nabcd\r\n0\r\n\r\n"],
    ["a chunk longer than it says", "2\r\nabcd\r\n0\r\n\r\n"],
    ["a negative chunk", "-1\r\nabcd\r\n0\r\n\r\n"],
    ["a chunk of more than any number", "fffffffffffffffff\r\nabcd\r\n0\r\n\r\n"],
  ])("is cut off at %s", async (_what, chunks) => {
    const socket = await open();
    const answer = nextRead();
    const began = once(server, "request");
    socket.write(head("Transfer-Encoding: chunked"));
    await began;
    socket.write(chunks);
    expect(await answer).toEqual({ kind: "cut_off" });
  });
});

describe("framing that two readers could see differently", () => {
  test.each<[string, string]>([
    ["both a length and chunks", `${head("Content-Length: 4", "Transfer-Encoding: chunked")}0\r\n\r\n`],
    ["two lengths", `${head("Content-Length: 1", "Content-Length: 2")}ab`],
    ["two lengths in one header", `${head("Content-Length: 1, 2")}ab`],
    ["a length with a sign", `${head("Content-Length: +1")}a`],
    ["a length in another base", `${head("Content-Length: 0x1")}a`],
    ["chunks that are not the last coding", `${head("Transfer-Encoding: chunked, identity")}0\r\n\r\n`],
    ["a space before the colon", `${head("Transfer-Encoding : chunked")}0\r\n\r\n`],
    ["a header folded over two lines", head("X: a\r\n b")],
  ])("never becomes a body: %s", async (_what, request) => {
    const socket = await open();
    const refused = once(socket, "close");
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.write(request);
    await refused;
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(read).toEqual([]);
  });
});

test("leaves no timer and no listener behind", async () => {
  const counts: Record<string, number> = {};
  serve = async (request) => {
    const before = new Map(["data", "end", "close"].map((event) => [event, request.listenerCount(event)]));
    const body = await readWith()(request);
    for (const [event, count] of before) counts[event] = request.listenerCount(event) - count;
    return body;
  };
  await readOf(`${head("Content-Length: 3")}abc`);
  expect(counts).toEqual({ data: 0, end: 0, close: 0 });
});
