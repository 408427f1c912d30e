/**
 * A line between a program and Keybrake that passes every byte on as it comes and keeps a copy: how many connections were opened, and
 * whether anything that must stay inside was ever on the wire. As an address it is as good as Keybrake's own.
 */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface Tap extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** How many connections the program has opened since `clear`. */
  connections(): number;
  /** All that the program sent since `clear`, one character a byte. */
  asked(): string;
  /** All that came back since `clear`, one character a byte. */
  answered(): string;
  clear(): void;
}

export async function startTap(port: number): Promise<Tap> {
  let connections = 0;
  let [asked, answered]: [Buffer[], Buffer[]] = [[], []];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    connections += 1;
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    near
      .on("data", (bytes) => void (asked.push(bytes), far.write(bytes)))
      .on("end", () => far.end())
      .on("close", () => far.destroy());
    far
      .on("data", (bytes) => void (answered.push(bytes), near.write(bytes)))
      .on("end", () => near.end())
      .on("close", () => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const own = (server.address() as AddressInfo).port;
  return {
    port: own,
    url: `http://127.0.0.1:${own}`,
    connections: () => connections,
    asked: () => Buffer.concat(asked).toString("latin1"),
    answered: () => Buffer.concat(answered).toString("latin1"),
    clear() {
      connections = 0;
      [asked, answered] = [[], []];
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
