import { crmSettingsOf } from "../bitrix24/crm-settings";
import { makingOf } from "../bitrix24/making";
import type { PortalContact } from "../bitrix24/match-contact";
import { type Person, unsent } from "../bitrix24/person";
import { fetchProductInfo } from "../bitrix24/product";
import type { FieldDescriptions } from "../bitrix24/sent-fields";
import { addContact, addDeal, rowTask } from "../bitrix24/tasks";
import { TraceMemory, withTrace } from "../bitrix24/trace";
import { builtInWording } from "../consents/built-in";
import { processingKind } from "../consents/kinds";
import { type Facts, factsOf, factsOfConsent } from "../crm/facts";
import { traceText } from "../crm/trace-text";
import type { Env } from "../platform/env";
import { consentOfSource } from "../platform/field-map";
import type { Locale } from "../platform/locales";
import { getUtmForBitrix24, getVisitForBitrix24, type UtmData } from "../registration/utmUtils";
import type { Services } from "../services";

/** A field of a record as the portal would be sent it. */
export interface PreviewField {
  name: string;
  /** Its title on the portal; the name where the portal does not tell it. */
  title: string;
  value: string;
}

/** What the next registration makes. */
export interface Preview {
  contact: PreviewField[];
  deal: PreviewField[];
  row: PreviewField[];
  /** The visit as Sales Intelligence is told of it; empty: it is not. */
  trace: PreviewField[];
  /** The contact that was on the portal before: it is linked, and nothing in it is changed. */
  linkedContact: number | null;
}

/**
 * What a registration of this person would make on the portal with these settings: the parameters of the very requests
 * that a registration sends. Writes nothing. Throws Bitrix24Error.
 */
export async function previewRegistration(
  { bitrix24 }: Pick<Services, "bitrix24">,
  { env, person, linked = null }: { env: Env; person: Person; linked?: PortalContact | null },
): Promise<Preview> {
  const settings = crmSettingsOf(env);
  const product = await fetchProductInfo(bitrix24.client, settings);
  const described = await bitrix24.fields.tryRead();
  const making = makingOf(settings, {
    product,
    originatorId: (await bitrix24.marks()).own,
    described,
    log: bitrix24.log,
  });
  const dealId = 0;
  const added = linked ? null : addContact(person, making).command;
  const deal = addDeal({ ...person, contactId: 0 }, making, linked).command;
  const row = rowTask({ ...person, dealId }, [], product, product.priceUsd);
  const told = { ...person, dealId, contactId: 0, existing: { contactBy: null, match: linked, lost: null } };
  const { rider } = "command" in row ? (withTrace({ ...row, person: told }, new TraceMemory()).command ?? {}) : {};
  return {
    contact: fieldsOf(added?.params.fields, described?.contact),
    deal: fieldsOf(deal?.params.fields, described?.deal).filter(({ name }) => name !== "contactIds"),
    row: "command" in row ? fieldsOf((row.command?.params.productRows as unknown[])?.[0], undefined) : [],
    trace: env.BITRIX24_TRACES === "on" ? traceFields(rider?.params) : [],
    linkedContact: linked?.id ?? null,
  };
}

function fieldsOf(fields: unknown, described: FieldDescriptions["deal"] | undefined): PreviewField[] {
  const titles = new Map(described?.map(({ name, title }) => [name, title]));
  return Object.entries((fields ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
    name === "fm"
      ? (value as { typeId: string; value: string }[]).map((each) => ({
          name: each.typeId,
          title: titles.get(each.typeId) ?? each.typeId,
          value: each.value,
        }))
      : [{ name, title: titles.get(name) ?? name, value: asText(value) }],
  );
}

/** The visit as the portal reads it, and the kinds of records that it is linked with. */
function traceFields(params: Record<string, unknown> | undefined): PreviewField[] {
  if (!params) return [];
  const linked = (params.ENTITIES as { TYPE: string }[]).map(({ TYPE }) => TYPE).join(", ");
  const visit = JSON.stringify(JSON.parse(String(params.TRACE)));
  return [
    { name: "TRACE", title: "TRACE", value: visit },
    { name: "ENTITIES", title: "ENTITIES", value: linked },
  ];
}

const asText = (value: unknown): string => (Array.isArray(value) ? value.map(asText).join(", ") : String(value ?? ""));

const exampleTouches: UtmData = {
  first: {
    ...{ utm_source: "vk", utm_medium: "social", utm_campaign: "spring" },
    ...{ referrer: "https://vk.com/", landing: "/", at: "2026-01-02T09:00:00.000Z" },
    ...{ ym_client_id: "1767344400123456789", ga_client_id: "1234567890.1767344400" },
  },
  last: {
    ...{ utm_source: "yandex", utm_medium: "cpc", utm_campaign: "autumn", utm_content: "banner", utm_term: "course" },
    ...{ gclid: "Cj0KCQiA-example", yclid: "1234567890", referrer: "https://example.org/", landing: "/register" },
    at: "2026-01-03T09:58:00.000Z",
  },
};

/** The person gives every consent that a field is filled with. */
function exampleConsents(env: Env): Facts {
  const given = { version: builtInWording.version, at: "2026-01-03T10:00:00.000Z" };
  const further = env.BITRIX24_MARK_FIELDS.flatMap(({ source }) => consentOfSource(source)?.key ?? []);
  const facts = further.map((key) => factsOfConsent(key, { ...given, version: "1" }));
  return Object.assign({}, factsOfConsent(processingKind, given), ...facts);
}

/** An invented person who fills in everything, and came by an advertisement. */
export function examplePerson(env: Env, locale: Locale): Person {
  const isRussian = locale === "ru";
  return {
    userId: 1,
    createdAt: new Date(),
    insertedAt: new Date(),
    firstName: isRussian ? "Анна" : "Anna",
    lastName: isRussian ? "Петрова" : "Smith",
    company: isRussian ? "ООО «Ромашка»" : "Daisy Ltd",
    email: "anna@example.com",
    phone: isRussian ? "+79991234567" : "+442071838750",
    phoneExtension: "12",
    locale,
    utm: getUtmForBitrix24(exampleTouches),
    visit: getVisitForBitrix24(exampleTouches),
    trace: traceText(exampleTouches, env.APP_URL),
    facts: {
      ...factsOf(exampleTouches, new Date("2026-01-03T10:00:00.000Z")),
      ...exampleConsents(env),
    },
    settings: crmSettingsOf(env),
    assignedById: env.BITRIX24_ASSIGNED_BY_IDS[0] ?? null,
    emailConfirmed: false,
    ...unsent(),
  };
}
