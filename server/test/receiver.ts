import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedMessage {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Another program that takes webhooks, and what it has been sent. `answer` may reply otherwise than with 204. */
export async function startReceiver(answer: RequestListener = (_, response) => void response.writeHead(204).end()) {
  const received: ReceivedMessage[] = [];
  const receiver = { answer };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    received.push({ headers: request.headers, body });
    receiver.answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    /** What was sent of one person. */
    of: (userId: number) =>
      received.flatMap(({ body }) => {
        const message = JSON.parse(body);
        return message.data?.user?.id === userId ? [message] : [];
      }),
    set answer(next: RequestListener) {
      receiver.answer = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whether a message is signed by the secret, as a receiver checks it by the Standard Webhooks specification. */
export function isSigned({ headers, body }: ReceivedMessage, secret: string): boolean {
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  return headers["webhook-signature"] === `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}
