const rules = { en: new Intl.PluralRules("en"), ru: new Intl.PluralRules("ru") };

/** 1 person, 2 people. */
export const enPlural = (count: number, one: string, other: string): string =>
  `${count.toLocaleString("en-GB")} ${rules.en.select(count) === "one" ? one : other}`;

/** 1 человек, 2 человека, 5 человек. */
export function ruPlural(count: number, one: string, few: string, many: string): string {
  const form = rules.ru.select(count);
  return `${count.toLocaleString("ru-RU")} ${form === "one" ? one : form === "few" ? few : many}`;
}
