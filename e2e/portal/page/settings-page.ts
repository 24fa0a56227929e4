import type { Portal } from "../portal";
import { actions, reaches } from "../rights";
import { handlings, switchSides } from "../switches";
import { type Html, html } from "./html";
import { frame, presetForm } from "./render";
import { settingsText } from "./settings-text";
import type { PageText } from "./text";

type Text = ReturnType<typeof settingsText>;

/** Everything that can be set about the portal, for people. */
export function renderSettings(portal: Portal, pageText: PageText, nonce: string, problem = ""): Html {
  const text = settingsText(pageText.lang);
  const content = html`<main>
${problem ? html`<p role="alert" class="panel wide">${problem}</p>` : ""}
<section class="panel wide"><h2>${text.kind}</h2><p class="quiet">${text.kindIntro}</p>${presetForm(portal, pageText)}</section>
${choices(text.unknownTitle, "unknown", handlings, portal.settings.unknown, text.unknown, text)}
${choices(text.switchesTitle, "switches", switchSides, portal.settings.switches, text.switches, text)}
${requiredFields(portal, text)}
${rights(portal, text)}
${times(portal, text)}
${whole(text)}
${everything(portal, text)}
</main>`;
  return frame(pageText, nonce, html`<nav><a href="/">${pageText.back}</a></nav>`, content);
}

function section(title: string, hint: string, body: Html): Html {
  return html`<section class="panel wide"><h2>${title}</h2>${hint ? html`<p class="quiet">${hint}</p>` : ""}${body}</section>`;
}

function choices(
  title: string,
  group: string,
  sides: Record<string, readonly (string | number | boolean)[]>,
  current: object,
  labels: Record<string, string>,
  text: Text,
): Html {
  const rows = Object.entries(sides).map(([name, allowed]) =>
    row(`${group}.${name}`, labels[name] ?? name, (id) => {
      const options = allowed.map((side) =>
        option(String(side), text.values[String(side)] ?? String(side), Reflect.get(current, name) === side),
      );
      return html`<select id="${id}" name="${name}">${options}</select>`;
    }),
  );
  return section(title, "", form(`/settings/${group}`, text, rows));
}

function requiredFields(portal: Portal, text: Text): Html {
  const { required, missingMethods } = portal.settings;
  const rows = [
    textRow("contact", text.required.contact, required.contact.join(" ")),
    textRow("deal", text.required.deal, required.deal.join(" ")),
    textRow("lead", text.required.lead, required.lead.join(" ")),
    textRow("company", text.required.company, required.company.join(" ")),
    textRow("missingMethods", text.missing, missingMethods.join(" ")),
  ];
  return section(text.fieldsTitle, text.fieldsHint, form("/settings/fields", text, rows));
}

function rights(portal: Portal, text: Text): Html {
  const owner = portal.settings.users.find(({ id }) => id === portal.settings.webhooks[0]?.userId);
  const rows = (["contact", "deal", "lead", "company"] as const).flatMap((entity) =>
    actions.map((action) =>
      row(`${entity}.${action}`, `${text.required[entity]}: ${text.actions[action]}`, (id) => {
        const current = owner?.rights?.[entity]?.[action] ?? "all";
        const options = reaches.map((reach) => option(reach, text.reaches[reach], reach === current));
        return html`<select id="${id}" name="${id}">${options}</select>`;
      }),
    ),
  );
  const denied = textRow("denied", text.denied, (owner?.rights?.denied ?? []).join(" "));
  return section(text.rightsTitle, text.rightsHint, form("/settings/rights", text, [...rows, denied]));
}

function times(portal: Portal, text: Text): Html {
  const { duplicateLagMs, limits } = portal.settings;
  const rows = [
    textRow("duplicateLagMs", text.lag, duplicateLagMs),
    textRow("bucket", text.bucket, limits.bucket),
    textRow("perSecond", text.perSecond, limits.perSecond),
  ];
  return section(text.timesTitle, "", form("/settings/times", text, rows));
}

function whole(text: Text): Html {
  const act = (name: string, rows: Html[], label: string) =>
    html`<form method="post" action="/act"><input type="hidden" name="act" value="${name}"><input type="hidden" name="back" value="/settings">${rows}<button>${label}</button></form>`;
  return section(
    text.wholeTitle,
    "",
    html`<div class="hands">
<p>${text.installation}</p>${act("addInstallation", [field("installation-count", "count", text.count, "3")], text.add)}
<p>${text.customers}</p>${act("addCustomers", [field("customer-count", "count", text.count, "3")], text.add)}
<p>${text.rename}</p>${act("rename", [field("domain", "domain", text.domain, "new.bitrix24.example"), field("origin", "origin", text.origin, "")], text.rename)}
<p>${text.clock}</p><form method="post" action="/settings/clock">${field("minutes", "minutes", text.minutes, "10")}<button>${text.advance}</button></form>
<div>${act("becomeAnother", [], text.another)}
<form method="post" action="/settings/reset"><button class="danger">${text.reset}</button></form></div></div>`,
  );
}

function everything(portal: Portal, text: Text): Html {
  const { users, products, priceTypes, funnels, leadStages, companies, ...others } = portal.settings;
  const { userFields, requiredAtStage, robots, habits, events } = others;
  const { url, token, ...weather } = events;
  const work = { userFields, requiredAtStage, robots, habits, events: weather };
  const shown = { users, products, priceTypes, funnels, leadStages, companies, ...work };
  const json = JSON.stringify(shown, null, 1);
  return section(
    text.otherTitle,
    text.otherHint,
    html`<form class="tall" method="post" action="/settings/json"><label for="json">${text.json}</label>
<textarea id="json" name="json" spellcheck="false">${json}</textarea><button class="main">${text.save}</button></form>`,
  );
}

function form(action: string, text: Text, rows: Html[]): Html {
  return html`<form class="tall" method="post" action="${action}"><div class="rows">${rows}</div><button class="main">${text.save}</button></form>`;
}

function row(id: string, label: string, control: (id: string) => Html): Html {
  return html`<div><label for="${id}">${label}</label>${control(id)}</div>`;
}

function textRow(name: string, label: string, value: string | number): Html {
  return row(
    name,
    label,
    (id) => html`<input id="${id}" name="${name}" value="${value}" spellcheck="false" autocomplete="off">`,
  );
}

function field(id: string, name: string, label: string, value: string): Html {
  return html`<label for="${id}">${label}</label><input id="${id}" name="${name}" value="${value}" size="24">`;
}

function option(value: string, label: string, selected: boolean): Html {
  return html`<option value="${value}"${selected ? html` selected` : ""}>${label}</option>`;
}
