import { type EntityName, userFieldName } from "../crm/fields";
import type { Company, Contact, CrmRecord, Deal, Lead } from "../crm/records";
import { leadStagesOf, stagesOf } from "../crm/stages";
import type { Portal } from "../portal";
import { formatDateTime } from "../protocol/dates";
import { contactForms, dealForms } from "./hands";
import { type Html, html } from "./html";
import type { PageText } from "./text";

const freshMs = 5000;

export function dealCard(portal: Portal, deal: Readonly<Deal>, text: PageText): Html {
  const { funnels } = portal.settings;
  const select = `stage-${deal.id}`;
  const stages = funnels.map(
    (funnel) =>
      html`<optgroup label="${funnel.name}">${stagesOf(funnels, funnel.id).map(
        ({ statusId, name }) =>
          html`<option value="${statusId}"${statusId === deal.stageId ? html` selected` : ""}>${name} (${statusId})</option>`,
      )}</optgroup>`,
  );
  return html`<article data-deal-id="${deal.id}" data-origin-id="${deal.originId}" data-stage-id="${deal.stageId}"${fresh(portal, deal)}>
<div class="top"><h3>${deal.title}</h3><span class="quiet">№ ${deal.id}</span></div>
<div class="top"><span class="stage" data-semantics="${deal.stageSemanticId}">${deal.stageId}</span>
<span class="amount" data-amount="${deal.opportunity}" data-currency="${deal.currencyId}">${money(deal.opportunity, deal.currencyId, text)}</span></div>
${rowTable(portal, deal, text)}
<dl>
<dt>${text.contact}</dt><dd>${contactLinks(portal, deal, text)}</dd>
${facts(portal, deal, text)}
${ownFields(portal, "deal", deal, text)}
${traces(portal, "DEAL", deal.id, text)}
${commentsOf(portal, "deal", deal, text)}
</dl>
<form method="post" action="/deals/${deal.id}/stage"><label class="hidden" for="${select}">${text.stage}</label>
<select id="${select}" name="stageId">${stages}</select><button>${text.move}</button></form>
<form method="post" action="/deals/${deal.id}/delete"><button class="danger">${text.remove}</button></form>
${dealForms(portal, deal, text)}
</article>`;
}

export function contactCard(portal: Portal, contact: Readonly<Contact>, text: PageText): Html {
  return html`<article id="contact-${contact.id}" data-contact-id="${contact.id}" data-origin-id="${contact.originId}"${fresh(portal, contact)}>
<div class="top"><h3>${fullName(contact)}</h3><span class="quiet">№ ${contact.id}</span></div>
<dl>
${communications(contact)}
${facts(portal, contact, text)}
${ownFields(portal, "contact", contact, text)}
${traces(portal, "CONTACT", contact.id, text)}
</dl>
<form method="post" action="/contacts/${contact.id}/delete"><button class="danger">${text.remove}</button></form>
${contactForms(portal, contact, text)}
</article>`;
}

export function leadCard(portal: Portal, lead: Readonly<Lead>, text: PageText): Html {
  const select = `lead-stage-${lead.id}`;
  const stages = leadStagesOf(portal.settings.leadStages).map(
    ({ statusId, name }) =>
      html`<option value="${statusId}"${statusId === lead.stageId ? html` selected` : ""}>${name} (${statusId})</option>`,
  );
  return html`<article data-lead-id="${lead.id}" data-origin-id="${lead.originId}" data-stage-id="${lead.stageId}"${fresh(portal, lead)}>
<div class="top"><h3>${lead.title}</h3><span class="quiet">№ ${lead.id}</span></div>
<div class="top"><span class="stage" data-semantics="${lead.stageSemanticId}">${lead.stageId}</span>
<span class="amount" data-amount="${lead.opportunity}" data-currency="${lead.currencyId}">${money(lead.opportunity, lead.currencyId, text)}</span></div>
<dl>
<dt>${text.contact}</dt><dd>${fullName(lead)} ${contactLinks(portal, lead, text)}</dd>
${communications(lead)}
${facts(portal, lead, text)}
${ownFields(portal, "lead", lead, text)}
${traces(portal, "LEAD", lead.id, text)}
${commentsOf(portal, "lead", lead, text)}
</dl>
<form method="post" action="/leads/${lead.id}/stage"><label class="hidden" for="${select}">${text.stage}</label>
<select id="${select}" name="stageId">${stages}</select><button>${text.move}</button></form>
<form method="post" action="/leads/${lead.id}/delete"><button class="danger">${text.remove}</button></form>
</article>`;
}

export function companyCard(portal: Portal, company: Readonly<Company>, text: PageText): Html {
  return html`<article id="company-${company.id}" data-company-id="${company.id}" data-origin-id="${company.originId}"${fresh(portal, company)}>
<div class="top"><h3>${company.title}</h3><span class="quiet">№ ${company.id}</span></div>
<dl>
${communications(company)}
${facts(portal, company, text)}
${ownFields(portal, "company", company, text)}
${traces(portal, "COMPANY", company.id, text)}
${commentsOf(portal, "company", company, text)}
</dl>
<form method="post" action="/companies/${company.id}/delete"><button class="danger">${text.remove}</button></form>
</article>`;
}

/** Nothing where there is none; a portal may keep the number of a company that is not here. */
function companyLink(portal: Portal, id: unknown, text: PageText): Html {
  if (typeof id !== "number") return html``;
  const company = portal.companies.get(id);
  const name = company ? html`<a href="#company-${id}">${company.title} № ${id}</a>` : html`№ ${id}`;
  return html`<dt>${text.company}</dt><dd data-company="${id}">${name}</dd>`;
}

type AnyRecord = Readonly<Contact> | Readonly<Deal> | Readonly<Lead> | Readonly<Company>;

function communications({ fm }: Pick<Contact, "fm">): Html {
  return html`${fm.map(({ typeId, value }) => html`<dt>${typeId}</dt><dd data-communication="${typeId}">${value}</dd>`)}`;
}

function commentsOf(portal: Portal, entity: EntityName, { id }: { id: number }, text: PageText): Html {
  const own = [...portal.comments.values()].filter((one) => one.entityType === entity && one.entityId === id);
  return html`${own.map((comment) => html`<dt>${text.comments}</dt><dd data-comment>${comment.text}</dd>`)}`;
}

function rowTable(portal: Portal, deal: Readonly<Deal>, text: PageText): Html {
  const rows = portal.rows.get(deal.id);
  if (!rows) return html`<p class="quiet">${text.noRows}</p>`;
  return html`<table><thead><tr><th>${text.product}</th><th>${text.price}</th><th>${text.quantity}</th><th>${text.sum}</th></tr></thead><tbody>
${rows.map(
  ({ productId, productName, price, quantity }) => html`<tr data-product-row="${productId}">
<td>${productName} <span class="quiet">${productId}</span></td><td>${money(price, deal.currencyId, text)}</td>
<td>${quantity}</td><td>${money(price * quantity, deal.currencyId, text)}</td></tr>`,
)}</tbody></table>`;
}

function contactLinks(portal: Portal, { contactIds }: { contactIds: number[] }, text: PageText): Html {
  if (contactIds.length === 0) return html`${text.none}`;
  return html`${contactIds.map((id) => {
    const contact = portal.contacts.get(id);
    return html`<a href="#contact-${id}">${contact ? fullName(contact) : ""} № ${id}</a> `;
  })}`;
}

/** What all records have in common: where they come from and who looks after them. */
function facts(portal: Portal, record: AnyRecord, text: PageText): Html {
  const { users, utcOffsetMinutes } = portal.settings;
  const responsible = users.find(({ id }) => id === record.assignedById);
  const tags = { utm_source: record.utmSource, utm_medium: record.utmMedium, utm_campaign: record.utmCampaign };
  const utm = { ...tags, utm_content: record.utmContent, utm_term: record.utmTerm };
  return html`${companyLink(portal, record.companyId, text)}<dt>${text.origin}</dt><dd>${record.originatorId || text.none} ${record.originId}</dd>
${Object.entries(utm).map(([name, value]) => (value ? html`<dt>${name}</dt><dd data-utm="${name}">${value}</dd>` : ""))}
<dt>${text.responsible}</dt><dd>${responsible ? `${responsible.name} ${responsible.lastName}` : record.assignedById}</dd>
<dt>${text.created}</dt><dd>${formatDateTime(record.createdTime, utcOffsetMinutes).slice(0, 19).replace("T", " ")}</dd>`;
}

/** What a registration has written beside the usual: the comment, and filled user fields by their titles. */
function ownFields(portal: Portal, entity: EntityName, record: CrmRecord, text: PageText): Html {
  const filled = portal.settings.userFields[entity].flatMap(({ name, title, items = [] }) => {
    const stored = record[userFieldName(name)];
    const values = (Array.isArray(stored) ? stored : [stored]).flatMap((value) => {
      const item = items.find(({ id }) => id === value);
      return value === null || value === undefined || value === "" ? [] : [item?.value ?? String(value)];
    });
    return values.length > 0 ? [{ name, title: title ?? name, value: values.join(", ") }] : [];
  });
  const { comments } = record;
  return html`${comments ? html`<dt>${text.comment}</dt><dd class="typed" data-comments>${String(comments)}</dd>` : ""}
${filled.map(({ name, title, value }) => html`<dt>${title}</dt><dd class="typed" data-user-field="${name}">${value}</dd>`)}`;
}

/** The visits that Sales Intelligence links with the record. */
function traces(portal: Portal, type: string, id: number, text: PageText): Html {
  const linked = [...portal.traces.values()].filter(({ entities }) =>
    entities.some((entity) => entity.type === type && entity.id === id),
  );
  return html`${linked.map(
    (each) => html`<dt>${text.visit}</dt><dd data-trace="${each.id}">${JSON.stringify(each.trace, null, 1)}</dd>`,
  )}`;
}

function fullName({ name, lastName }: { name: string; lastName: string }): string {
  return `${name} ${lastName}`.trim();
}

function fresh(portal: Portal, { createdTime }: { createdTime: number }): Html {
  return portal.now() - createdTime < freshMs ? html` data-fresh` : html``;
}

function money(amount: number, currency: string, { lang }: PageText): string {
  // A portal may keep a currency that nobody has ever heard of.
  if (!/^[A-Z]{3}$/.test(currency)) return `${amount.toFixed(2)} ${currency}`;
  return new Intl.NumberFormat(lang, { style: "currency", currency }).format(amount);
}
