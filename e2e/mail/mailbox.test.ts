import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../../server/platform/log";
import { createMail } from "../../server/platform/mail";
import { type Mailbox, startMailbox } from "./mailbox";

let mailbox: Mailbox;
const lines: string[] = [];
const log = createLog("info", { write: (line) => void lines.push(line) });
const send = (to: string, text: string) =>
  createMail({ NODE_ENV: "production", SMTP_URL: mailbox.smtpUrl, MAIL_FROM: "desk@example.com" }, log).send({
    to,
    subject: "Проверка",
    text,
  });

beforeAll(async () => {
  mailbox = await startMailbox();
});
afterAll(() => mailbox.close());

test("what the product mails can be read on a page and by programs, links included", async () => {
  expect(await send("anna@example.com", "Здравствуйте <b>\n\nhttps://site.example/confirm/abc_-1\n")).toBe(true);

  const [mail] = (await (await fetch(`${mailbox.url}/mails.json`)).json()) as Mailbox["mails"];
  expect(mail).toMatchObject({ to: ["anna@example.com"], subject: "Проверка" });
  expect(mail?.text).toContain("https://site.example/confirm/abc_-1");
  const page = await (await fetch(mailbox.url)).text();
  expect(page).toContain('<a href="https://site.example/confirm/abc_-1">');
  expect(page).toContain("Здравствуйте &#60;b&#62;");
});

test("a refused mail counts as not sent, and nobody's address stands in the log", async () => {
  mailbox.refuse(true);
  expect(await send("refused@example.com", "text")).toBe(false);
  mailbox.refuse(false);
  expect(mailbox.mails.some(({ to }) => to.includes("refused@example.com"))).toBe(false);
  expect(lines.join("")).toContain("mail was not sent");
  expect(lines.join("")).not.toContain("refused@example.com");
});

test("a page of another name, which may be a foreign site's trick, gets nothing", async () => {
  const { port } = new URL(mailbox.url);
  const { request } = await import("node:http");
  const status = await new Promise((resolve) =>
    request({ port, host: "127.0.0.1", path: "/mails.json", headers: { host: "evil.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end(),
  );
  expect(status).toBe(403);
});
