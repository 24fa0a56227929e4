import type { Portal } from "../portal";
import { presetNames } from "../presets";
import { companyCard, contactCard, dealCard, leadCard } from "./cards";
import { Html, html } from "./html";
import { messageList } from "./messages";
import { script, style } from "./style";
import type { PageText } from "./text";

const shown = 50;

const offeredFaults = [
  "hang",
  "limit",
  "500",
  "502",
  "dropBefore",
  "dropAfter",
  "cutJson",
  "badCredentials",
  "firewall",
  "wrongPath",
  "asleep",
];

export function renderPage(portal: Portal, text: PageText, nonce: string): Html {
  const nav = html`<nav><a href="/settings">${text.settings}</a></nav>`;
  return frame(text, nonce, nav, renderContent(portal, text), script);
}

/** What the portal's pages have in common. */
export function frame(text: PageText, nonce: string, nav: Html, content: Html, program = ""): Html {
  return html`<!doctype html>
<html lang="${text.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(style)}</style>
</head>
<body>
<header><div class="top"><h1>${text.title}</h1>${nav}</div><p class="quiet">${text.intro}</p></header>
${content}
${program ? html`<script nonce="${nonce}">${new Html(program)}</script>` : ""}
</body>
</html>`;
}

/** All that changes on the page. */
export function renderContent(portal: Portal, text: PageText): Html {
  const deals = [...portal.deals.values()].reverse();
  const contacts = [...portal.contacts.values()].reverse();
  return html`<main data-version="${version(portal)}">
${faultPanel(portal, text)}
<section aria-labelledby="deals">
<h2 id="deals">${text.deals}: <span data-deal-count>${deals.length}</span></h2>
${deals.length === 0 ? html`<p class="panel">${text.noDeals}</p>` : ""}
${deals.slice(0, shown).map((deal) => dealCard(portal, deal, text))}
${deals.length > shown ? html`<p class="quiet">${text.more(deals.length - shown)}</p>` : ""}
</section>
<section aria-labelledby="contacts">
<h2 id="contacts">${text.contacts}: <span data-contact-count>${contacts.length}</span></h2>
${contacts.length === 0 ? html`<p class="panel">${text.noContacts}</p>` : ""}
${contacts.slice(0, shown).map((contact) => contactCard(portal, contact, text))}
${contacts.length > shown ? html`<p class="quiet">${text.more(contacts.length - shown)}</p>` : ""}
</section>
${laterSection(portal, text, { id: "leads", count: "data-lead-count", records: portal.leads, card: leadCard })}
${laterSection(portal, text, { id: "companies", count: "data-company-count", records: portal.companies, card: companyCard })}
${messageList(portal, text, shown)}
</main>`;
}

/** Nothing where there are none. */
function laterSection<Stored>(
  portal: Portal,
  text: PageText,
  {
    id,
    count,
    records,
    card,
  }: { id: "leads" | "companies"; count: string; records: ReadonlyMap<number, Stored>; card: Card<Stored> },
): Html {
  if (records.size === 0) return html``;
  const newest = [...records.values()].reverse().slice(0, shown);
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${text[id]}: <span ${count}>${records.size}</span></h2>
${newest.map((record) => card(portal, record, text))}
${records.size > shown ? html`<p class="quiet">${text.more(records.size - shown)}</p>` : ""}
</section>`;
}

type Card<Stored> = (portal: Portal, record: Stored, text: PageText) => Html;

/** Differs whenever the content does, the mark of what is fresh apart: it fades without another request. */
export function version(portal: Portal): string {
  return `${portal.version}.${portal.requests}.${portal.preset}.${portal.faults.map(({ kind }) => kind).join()}`;
}

function faultPanel(portal: Portal, text: PageText): Html {
  const active = portal.faults.map(({ kind }) => kind);
  const state = active.length === 0 ? text.healthy : `${text.broken} ${active.join(", ")}`;
  return html`<section class="panel wide" aria-labelledby="faults">
<div class="top"><h2 id="faults">${text.faults}</h2><span class="quiet">${text.requests}: ${portal.requests}</span></div>
<p data-faults>${state}</p>
<form method="post" action="/faults">
<label class="hidden" for="kind">${text.fault}</label>
<select id="kind" name="kind">${offeredFaults.map((kind) => html`<option>${kind}</option>`)}</select>
<button>${text.breakIt}</button></form>
<form method="post" action="/heal"><button class="main">${text.heal}</button></form>
${presetForm(portal, text)}
</section>`;
}

export function presetForm(portal: Portal, text: PageText): Html {
  const options = presetNames.map(
    (name) =>
      html`<option value="${name}"${name === portal.preset ? html` selected` : ""}>${text.presets[name]}</option>`,
  );
  return html`<form method="post" action="/preset"><label for="preset">${text.preset}</label>
<select id="preset" name="preset">${options}</select><button>${text.applyPreset}</button></form>`;
}
