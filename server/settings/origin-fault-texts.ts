import { type OriginFault, readOrigins } from "../platform/embed-origins";
import type { Locale } from "../platform/locales";

type Words = Record<Locale, string>;

const originFaults: Record<OriginFault, Words> = {
  wildcard: {
    en: "name each site; an asterisk would let in sites that are not yours.",
    ru: "назовите каждый сайт: со звёздочкой форму смогли бы показать и чужие сайты.",
  },
  insecure: {
    en: "it must begin with https://, since over http a stranger on the way could change the page around the form.",
    ru: "нужен https://, иначе страницу вокруг формы может подменить любой по дороге.",
  },
  page: {
    en: "the address of a site without a page: https://shop.example.com.",
    ru: "нужен адрес сайта без страницы: https://shop.example.com.",
  },
  host: {
    en: "browsers do not recognise such a host: letters, digits, hyphens and dots, no number of an address.",
    ru: "такой хост браузеры не распознают: нужны буквы, цифры, дефисы и точки, без числовых адресов.",
  },
  unreadable: {
    en: "this is not an address such as https://shop.example.com.",
    ru: "это не адрес вида https://shop.example.com.",
  },
};

/** What is wrong with a list of sites. Names the entry, since a long list is hard to look through. */
export function originFaultTexts(text: string): Words {
  const read = readOrigins(text);
  if ("origins" in read) return { en: "This list cannot be read.", ru: "Этот список не читается." };
  const { en, ru } = originFaults[read.fault];
  return { en: `${read.entry}: ${en}`, ru: `${read.entry}: ${ru}` };
}
