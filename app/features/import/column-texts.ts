import { texts } from "~/i18n/locale";
import type { Encoding } from "~server/import/encoding";

/** What people call the encodings. */
export const encodingNames: Record<Encoding, string> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  "windows-1251": "Windows-1251",
  "koi8-u": "KOI8",
  ibm866: "DOS (CP866)",
  "iso-8859-5": "ISO 8859-5",
  "x-mac-cyrillic": "Mac Cyrillic",
  "windows-1252": "Windows-1252",
  macintosh: "Mac Roman",
};

/** The step in which an administrator says which column is what. */
export const columnTexts = texts(
  {
    title: "Which column is what",
    text: "The columns were recognised by their names. Correct what is wrong and check again.",
    missing: (fields: string) => `The list cannot be imported yet. Choose the column for: ${fields}.`,
    column: (header: string) => `Column “${header}”`,
    nameless: (place: number) => `Column ${place}`,
    unused: "not used",
    fullName: "Full name (will be split)",
    shared: (target: string, headers: string[]) =>
      `Several columns are “${target}”: the first one that is not empty is used, in this order: ${headers.map((header) => `“${header}”`).join(", ")}.`,
    empty: (headers: string) => `Empty columns: ${headers}`,
    zone: "Time zone of the times in the list",
    zoneHint: "For times that do not name a zone.",
    apply: "Check again",
    changed: "You have chosen other columns or another zone. See what the import will do now, and confirm it.",
    encoding: (name: string) => `The encoding was recognised as ${name}. Check that the names are right.`,
  },
  {
    title: "Что в каких столбцах",
    text: "Столбцы определены по названиям. Исправьте, что не так, и проверьте ещё раз.",
    missing: (fields) => `Список пока нельзя импортировать. Укажите ниже, в каком столбце: ${fields}.`,
    column: (header) => `Столбец «${header}»`,
    nameless: (place) => `Столбец ${place}`,
    unused: "не используется",
    fullName: "Имя и фамилия вместе, разделить",
    shared: (target, headers) =>
      `Столбцов «${target}» несколько: берётся первый заполненный, в таком порядке: ${headers.map((header) => `«${header}»`).join(", ")}.`,
    empty: (headers) => `Пустые столбцы: ${headers}`,
    zone: "Часовой пояс времени в списке",
    zoneHint: "Для времени, рядом с которым пояс не указан.",
    apply: "Проверить ещё раз",
    changed:
      "Вы выбрали другие столбцы или другой часовой пояс. Посмотрите, что теперь сделает импорт, и подтвердите его.",
    encoding: (name) => `Кодировка определена как ${name}. Проверьте, верны ли имена.`,
  },
);
