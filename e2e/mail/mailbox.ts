import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { mailPage } from "./page";

export interface ReceivedMail {
  id: number;
  at: string;
  /** The envelope's recipient, which decides about delivery. */
  to: string[];
  subject: string;
  text: string;
}

export interface Mailbox {
  /** For SMTP_URL. */
  smtpUrl: string;
  /** Where a person reads the mails; `/mails.json` is the same for programs. */
  url: string;
  /** All received mails, oldest first. */
  mails: readonly ReceivedMail[];
  /** While true, mails are rejected, as by a failing server. */
  refuse(refusing: boolean): void;
  close(): Promise<void>;
}

/** Limit on kept mails; a demo may run for weeks. */
const keptMails = 500;

/** Accepts every mail to every address and delivers none: it shows them on a page, on this machine only. */
export async function startMailbox({ port = 0 }: { port?: number } = {}): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  let count = 0;
  let refusing = false;
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onMailFrom: (_address, _session, done) => done(refusing ? new Error("The mailbox was told to refuse") : null),
    onData(stream, session, done) {
      const at = new Date().toISOString();
      buffer(stream)
        .then((message) => PostalMime.parse(message))
        .then(({ subject = "", text = "" }) => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          mails.push({ id: ++count, at, to, subject, text });
          if (mails.length > keptMails) mails.shift();
          done();
        }, done);
    },
  });
  // A client that disconnects early is no error.
  smtp.on("error", () => {});
  const smtpServer = smtp.listen(0, "127.0.0.1");
  const web = createServer((request, response) => {
    const { status, type, body, headers } = mailPage(mails, {
      method: request.method ?? "GET",
      path: request.url ?? "/",
      host: request.headers.host ?? "",
      language: request.headers["accept-language"] ?? "",
    });
    response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...headers }).end(body);
  });
  web.listen(port, "127.0.0.1");
  await Promise.all([once(smtpServer, "listening"), once(web, "listening")]);
  return {
    smtpUrl: `smtp://127.0.0.1:${portOf(smtpServer as Server)}`,
    url: `http://127.0.0.1:${portOf(web)}`,
    mails,
    refuse: (value) => {
      refusing = value;
    },
    close: async () => {
      web.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => web.close(() => resolve())),
        new Promise<void>((resolve) => smtp.close(() => resolve())),
      ]);
    },
  };
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
