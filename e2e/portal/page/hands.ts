import type { Contact, Deal } from "../crm/records";
import type { Portal } from "../portal";
import { type Html, html } from "./html";
import type { PageText } from "./text";

/** What a manager can do with a deal besides moving and deleting it, folded away. */
export function dealForms(portal: Portal, { id, contactIds, currencyId }: Readonly<Deal>, text: PageText): Html {
  const { currencies, products, users } = portal.settings;
  const sold = (portal.rows.get(id) ?? []).map(({ productId, productName }) => option(productId, productName));
  const others = [...portal.contacts.values()].slice(-shown).reverse();
  const people = others.map((contact) => option(contact.id, `${contact.name} ${contact.lastName}`));
  const forms = [
    act("changeCurrency", id, text.sellIn, [
      select(
        id,
        "currency",
        text.currency,
        currencies.filter(({ code }) => code !== currencyId).map(({ code }) => option(code)),
      ),
    ]),
    sold.length > 0
      ? act("replaceProduct", id, text.replace, [
          select(id, "from", text.product, sold),
          select(
            id,
            "to",
            text.instead,
            products.map((product) => option(product.id, product.name)),
          ),
          input(id, "price", text.price),
        ])
      : html``,
    act("makeMain", id, text.makeMain, [select(id, "contactId", text.contact, people, "main")]),
    act("addContactToDeal", id, text.addContact, [select(id, "contactId", text.contact, people, "more")]),
    contactIds.length > 0 ? act("linkContacts", id, text.unlink, []) : html``,
    act("assignDeal", id, text.assign, [assignee(id, users, text)]),
    merging("mergeDeals", id, text),
  ];
  return folded(`deal-hands-${id}`, text, forms);
}

/** What a manager can do with a contact besides deleting it. */
export function contactForms(portal: Portal, { id, fm }: Readonly<Contact>, text: PageText): Html {
  const values = fm.map(({ value }) => option(value));
  const forms = [
    act("updateContact", id, text.add, [input(id, "phones", text.phone), input(id, "emails", text.email)]),
    values.length > 0
      ? act("removeCommunication", id, text.takeAway, [select(id, "value", text.entry, values)])
      : html``,
    act("assignContact", id, text.assign, [assignee(id, portal.settings.users, text)]),
    merging("mergeContacts", id, text),
  ];
  return folded(`contact-hands-${id}`, text, forms);
}

const shown = 50;

function folded(id: string, text: PageText, forms: Html[]): Html {
  return html`<details id="${id}"><summary>${text.hands}</summary><div class="hands">${forms}</div></details>`;
}

function act(name: string, id: number, label: string, controls: Html[]): Html {
  return html`<form method="post" action="/act"><input type="hidden" name="act" value="${name}"><input type="hidden" name="id" value="${id}">${controls}<button>${label}</button></form>`;
}

/** What is named here disappears into the record of the card. */
function merging(name: string, id: number, text: PageText): Html {
  const field = `${name}-${id}`;
  return html`<form method="post" action="/act"><input type="hidden" name="act" value="${name}"><input type="hidden" name="into" value="${id}"><input type="hidden" name="settled" value="on">
<label for="${field}">${text.others}</label><input id="${field}" name="ids" inputmode="numeric" size="8" required><button>${text.merge}</button></form>`;
}

function select(id: number, name: string, label: string, options: Html[], suffix = ""): Html {
  const field = `${name}${suffix}-${id}`;
  return html`<label for="${field}">${label}</label><select id="${field}" name="${name}">${options}</select>`;
}

function input(id: number, name: string, label: string): Html {
  return html`<label for="${name}-${id}">${label}</label><input id="${name}-${id}" name="${name}" size="10">`;
}

function assignee(
  id: number,
  users: { id: number; name: string; lastName: string; active: boolean }[],
  text: PageText,
): Html {
  const working = users.filter(({ active }) => active);
  return select(
    id,
    "userId",
    text.responsible,
    working.map((user) => option(user.id, `${user.name} ${user.lastName}`)),
  );
}

function option(value: string | number, label: string | number = value): Html {
  return html`<option value="${value}">${label}</option>`;
}
