import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { mail } from "./surroundings";

/** The URL of a mail server that was there a moment ago. */
async function goneServer(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `smtp://127.0.0.1:${port}`;
}

test.each([
  ["optional", "warn"],
  ["required", "fail"],
])("a mail server that cannot be reached, with EMAIL_CONFIRMATION=%s, is a %s", async (EMAIL_CONFIRMATION, state) => {
  const env = parseEnv({ SMTP_URL: await goneServer(), MAIL_FROM: "desk@example.com", EMAIL_CONFIRMATION });
  expect(await mail({ env })).toMatchObject({ id: "mail", state });
});
