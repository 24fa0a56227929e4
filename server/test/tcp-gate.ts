import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can hang, refuse and work again, as the network and a frozen machine do. */
export interface TcpGate {
  port: number;
  /** Connections stay open and new ones are taken, but nothing passes. */
  hang(): void;
  /** Connections are cut and new ones are cut at once. */
  refuse(): void;
  open(): void;
  /** How often clients have sent something, whether it passed or not. */
  sent(): number;
  close(): Promise<void>;
}

export async function startTcpGate(target: { host: string; port: number }): Promise<TcpGate> {
  let state: "open" | "hanging" | "refusing" = "open";
  let sent = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((incoming) => {
    keep(incoming);
    if (state === "refusing") return void incoming.destroy();
    incoming.on("data", () => void sent++);
    const outgoing = connect(target);
    keep(outgoing);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      from.on("data", (chunk) => {
        // What comes while it hangs is lost; the connections of before are cut when it opens again.
        if (state === "open") to.write(chunk);
      });
      from.on("close", () => to.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    hang: () => {
      state = "hanging";
    },
    refuse: () => {
      state = "refusing";
      cutAll();
    },
    open: () => {
      cutAll();
      state = "open";
    },
    sent: () => sent,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      cutAll();
      await closed;
    },
  };
}
