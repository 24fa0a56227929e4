import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { requestPasswordReset } from "../auth/password-reset";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { parseEnv } from "./env";
import { createLog } from "./log";
import { createMail } from "./mail";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A mail server that treats its connections so, an environment that names it, and the log's lines. */
async function startMailServer(talk: (socket: Socket) => void) {
  const server = createServer(talk).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const lines: Record<string, unknown>[] = [];
  const log = createLog("info", { write: (line) => void lines.push(JSON.parse(line)) });
  const env = parseEnv({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "desk@example.com" });
  return { env, log, lines };
}

test("a mail server that takes connections and says nothing keeps no visitor waiting, and the log tells of the mail", async () => {
  const sockets: Socket[] = [];
  const { env, log, lines } = await startMailServer((socket) => void sockets.push(socket));
  const { email } = await makeUser(database.db);

  const services = { ...database, env, log, mail: createMail(env, log) };
  const words = () => ({ subject: "New password", text: "link" });
  expect(await requestPasswordReset(services, { email, words })).toBe("sent");

  await expect.poll(() => sockets.length).toBe(1);
  expect(lines).toEqual([]);
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => lines.map(({ msg }) => msg)).toEqual(["mail was not sent"]);
  expect(JSON.stringify(lines)).not.toContain(email);
});

test("a mail server that answers bit by bit is left in the end, so that no other process sends the mail as well", async () => {
  let isClosed = false;
  const { env, log, lines } = await startMailServer((socket) => {
    socket.on("error", () => {});
    socket.on("close", () => {
      isClosed = true;
    });
    socket.write("220 mail.example\r\n");
    // A server that goes on with its greeting for ever is never silent.
    socket.on("data", () => {
      const talking = setInterval(() => socket.write("250-mail.example\r\n"), 20);
      socket.on("close", () => clearInterval(talking));
    });
  });

  expect(await createMail(env, log, 500).send({ to: "anna@example.com", subject: "Welcome", text: "." })).toBe(false);
  await expect.poll(() => isClosed).toBe(true);
  expect(lines).toMatchObject([{ msg: "mail was not sent", subject: "Welcome" }]);
});
