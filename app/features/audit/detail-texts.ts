import { conflictKindTexts } from "~/features/conflicts/kind-texts";
import { type Locale, texts } from "~/i18n/locale";
import type { ConflictKind } from "~server/conflicts/conflicts";
import type { ConflictAction } from "~server/conflicts/resolve";
import { type PersonFieldName, personFieldNames } from "~server/person/fields";
import { personHeader } from "~server/person/header";
import { isSettingKey, setting } from "~server/settings/definitions";
import type { UserCrmState } from "~server/users/filter";

/** Decisions about conflicts, in short. */
export const decisions = texts<Record<ConflictAction, string>>(
  {
    recreate: "created again",
    force: "moved",
    accept: "marked as not paid",
    remove: "duplicate deleted",
    restore: "product and amount restored",
    choose: "another deal chosen",
    follow: "contact taken over",
    dismiss: "left as it is",
  },
  {
    recreate: "создать заново",
    force: "всё же переместить",
    accept: "снять отметку об оплате",
    remove: "удалить дубль",
    restore: "вернуть товар и сумму",
    choose: "выбрать другую сделку",
    follow: "перейти к этому контакту",
    dismiss: "оставить как есть",
  },
);

/** What an export was limited to. */
export const crmStates = texts<Record<UserCrmState, string>>(
  { pending: "on the way", synced: "in Bitrix24", failed: "failed" },
  { pending: "в пути", synced: "дошли", failed: "не отправлены" },
);

export const titleOf = (locale: Locale, kind: unknown): string =>
  conflictKindTexts[locale].kinds[kind as ConflictKind]?.title ?? String(kind);

export const settingNames = (locale: Locale, keys: unknown): string =>
  String(keys)
    .split(", ")
    .map((key) => (isSettingKey(key) ? setting(key).label[locale] : key))
    .join(", ");

/** Which of a person's details were changed; never what they were. */
export const fieldNames = (locale: Locale, fields: unknown): string =>
  [fields]
    .flat()
    .map((field) => (isPersonField(field) ? personHeader(field)[locale].toLowerCase() : String(field)))
    .join(", ");

const isPersonField = (field: unknown): field is PersonFieldName => personFieldNames.some((name) => name === field);
