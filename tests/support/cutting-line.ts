/** A line between an SDK and Keybrake that can be told to lose the next answers: their bytes have come, and are not passed on. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface CuttingLine extends AsyncDisposable {
  readonly port: number;
  loseAnswers(count: number): void;
  readonly lost: number;
}

export async function startCuttingLine(port: number): Promise<CuttingLine> {
  let toLose = 0;
  let lost = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    near.on("data", (bytes) => far.write(bytes)).on("close", () => far.destroy());
    far
      .on("data", (bytes) => {
        if (toLose === 0) return void near.write(bytes);
        toLose -= 1;
        lost += 1;
        near.resetAndDestroy();
        far.destroy();
      })
      .on("close", () => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    loseAnswers(count) {
      toLose = count;
    },
    get lost() {
      return lost;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
