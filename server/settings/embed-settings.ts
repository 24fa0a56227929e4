import { originFaultTexts } from "./origin-fault-texts";

/** The settings about the form on other sites. A part of definitions.ts, which says what each line means. */
export const embedSettings = {
  embedOrigins: {
    group: "embed",
    env: "EMBED_ORIGINS",
    input: "text",
    max: 2_000,
    label: { en: "Sites that may show the form", ru: "Сайты, которым можно показывать форму" },
    help: {
      en: "Their addresses without a page, such as https://shop.example.com, separated by commas. Empty: none.",
      ru: "Их адреса без страницы, например https://shop.example.com, через запятую. Пусто — никакие.",
    },
    wrong: originFaultTexts,
  },
} as const;
