import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is between us and the portal: firewalls that read along, slow lines, portals that answer oddly. */
export interface GatewayHooks {
  /** A Response turns the request away, a text goes on in its place, nothing lets it pass. */
  request?: (method: string, body: string) => Response | string | undefined;
  /** Milliseconds on the line before the portal gets the request. */
  delayMs?: (method: string) => number;
  /** The answer's text, changed; `body` is what was asked. */
  answer?: (method: string, text: string, body: string) => string | Promise<string>;
}

export interface Gateway {
  webhookUrl: string;
  close(): Promise<void>;
}

/** Passes requests on to the portal behind it. A request that is on the line arrives, whether or not its sender waits. */
export async function startGateway(target: string, hooks: GatewayHooks): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    pass(target, hooks, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { pathname } = new URL(target);
  return {
    webhookUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function pass(target: string, hooks: GatewayHooks, incoming: IncomingMessage, outgoing: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const method = incoming.url?.split("/").at(-1) ?? "";
  const instead = hooks.request?.(method, body);
  if (instead instanceof Response) {
    outgoing.writeHead(instead.status, Object.fromEntries(instead.headers)).end(await instead.text());
    return;
  }
  const delay = hooks.delayMs?.(method) ?? 0;
  if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
  const answer = await fetch(`${target}${method}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: instead ?? body,
  });
  const text = await answer.text();
  const told = await hooks.answer?.(method, text, body);
  outgoing.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "" });
  outgoing.end(told ?? text);
}
