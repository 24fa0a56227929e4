import { randomUUID } from "node:crypto";
import { Html, html } from "../portal/page/html";
import type { ReceivedMail } from "./mailbox";

interface Asked {
  method: string;
  path: string;
  host: string;
  language: string;
}

interface Answer {
  status: number;
  type: string;
  body: string;
  headers?: Record<string, string>;
}

const words = {
  en: { title: "Mails", lead: "Every mail that the site sends ends here, and nowhere else.", none: "No mail yet." },
  ru: { title: "Письма", lead: "Все письма сайта приходят сюда и больше никуда.", none: "Писем пока нет." },
};

const plain = (status: number, body: string): Answer => ({ status, type: "text/plain; charset=utf-8", body });

/**
 * Answers a request for the page or its data. Other host names than this machine's are rejected: another site's page
 * could read the mails.
 */
export function mailPage(mails: readonly ReceivedMail[], { method, path, host, language }: Asked): Answer {
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host)) return plain(403, "Only this machine may ask");
  if (method !== "GET" && method !== "HEAD") return plain(405, "Only reading is possible");
  const { pathname } = new URL(path, "http://127.0.0.1");
  if (pathname === "/mails.json") return { status: 200, type: "application/json", body: JSON.stringify(mails) };
  if (pathname !== "/") return plain(404, "Not found");
  const nonce = randomUUID();
  return {
    status: 200,
    type: "text/html; charset=utf-8",
    body: render(mails, /^\s*en/i.test(language) ? "en" : "ru", nonce).text,
    headers: {
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
    },
  };
}

function render(mails: readonly ReceivedMail[], locale: "en" | "ru", nonce: string): Html {
  const text = words[locale];
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>${text.title}</title>
<style nonce="${nonce}">${style}</style>
</head>
<body><main>
<h1>${text.title}</h1>
<p>${text.lead}</p>
${mails.length === 0 ? html`<p>${text.none}</p>` : [...mails].reverse().map(renderMail)}
</main></body></html>`;
}

const renderMail = ({ at, to, subject, text }: ReceivedMail): Html => html`<article>
<h2>${subject}</h2>
<p><time datetime="${at}">${at.replace("T", " ").slice(0, 19)} UTC</time> · ${to.join(", ")}</p>
<pre>${linked(text)}</pre>
</article>`;

/** The text with its URLs as links. */
const linked = (text: string): (Html | string)[] =>
  text.split(/(https?:\/\/\S+)/).map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part));

const style = new Html(`
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #1c1917; background: #faf8f5; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem; }
article { margin: 1rem 0; padding: 1rem 1.25rem; background: #fff; border: 1px solid #d6d3d1; border-radius: .5rem; }
h1 { font-size: 1.5rem; } h2 { margin: 0; font-size: 1.1rem; }
article p { margin: .25rem 0; color: #57534e; font-size: .875rem; overflow-wrap: anywhere; }
pre { margin: .75rem 0 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: #1d4ed8; }
`);
