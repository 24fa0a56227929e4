import { type Locale, texts } from "~/i18n/locale";
import { answerKey, consentOfSource, fieldSources } from "~server/platform/field-map";
import { utmKeys } from "~server/platform/utm-keys";

/** Click ids and UTM tags are called by their own names. */
const own = Object.fromEntries(Object.keys(fieldSources).map((name) => [name, name]));
const first = (words: string) => Object.fromEntries(utmKeys.map((key) => [`first_${key}`, `${words}: ${key}`]));

/** What may be sent to a field, in words. */
export const sourceTexts = texts<Record<string, string>>(
  {
    ...own,
    ...first("First visit"),
    firstName: "First name",
    lastName: "Last name",
    company: "Company",
    email: "E-mail",
    phone: "Phone",
    phoneExtension: "Phone extension",
    referrer: "Page that led here",
    landing: "First page on this site",
    first_referrer: "First visit: page that led here",
    first_landing: "First visit: page on this site",
    first_at: "First visit: when",
    ym_client_id: "Yandex Metrica: ClientId",
    ga_client_id: "Google Analytics: Client ID",
    consent_version: "Consent: version of its text",
    consent_at: "Consent: when",
    registered_at: "Registered: when",
    language: "Language",
    user_id: "Number of the person",
    user_link: "Link to the person's page here",
    text: "A fixed text",
  },
  {
    ...own,
    ...first("Первый визит"),
    firstName: "Имя",
    lastName: "Фамилия",
    company: "Компания",
    email: "Почта",
    phone: "Телефон",
    phoneExtension: "Добавочный номер",
    referrer: "Откуда перешли",
    landing: "Первая страница на сайте",
    first_referrer: "Первый визит: откуда",
    first_landing: "Первый визит: страница на сайте",
    first_at: "Первый визит: когда",
    ym_client_id: "Яндекс Метрика: ClientId",
    ga_client_id: "Google Analytics: Client ID",
    consent_version: "Согласие: редакция",
    consent_at: "Согласие: когда дано",
    registered_at: "Дата и время регистрации",
    language: "Язык",
    user_id: "Номер человека",
    user_link: "Ссылка на карточку здесь",
    text: "Постоянный текст",
  },
);

const consentTexts = texts<{ consent: (key: string) => string; parts: Record<string, string> }>(
  {
    consent: (key) => `Consent “${key}”`,
    parts: { consent: "yes or no", consent_version: "version of its text", consent_at: "when" },
  },
  {
    consent: (key) => `Согласие «${key}»`,
    parts: { consent: "да или нет", consent_version: "редакция", consent_at: "когда дано" },
  },
);

const answerTexts = texts<(key: string) => string>(
  (key) => `Answer to “${key}”`,
  (key) => `Ответ на «${key}»`,
);

/** A constant text in place of a source. */
export const sourceQuotes = texts<(text: string) => string>(
  (text) => `“${text}”`,
  (text) => `«${text}»`,
);

/** What a source is called; its own name if there are no words for it. */
export function sourceLabel(locale: Locale, source: string): string {
  const question = answerKey(source);
  if (question !== null) return answerTexts[locale](question);
  const of = consentOfSource(source);
  if (!of) return sourceTexts[locale][source] ?? source;
  const m = consentTexts[locale];
  return `${m.consent(of.key)}: ${m.parts[of.part] ?? of.part}`;
}
