import type { Env } from "../platform/env";
import type { FieldRule } from "../platform/field-map";

/** With what the records of a registration are made. A run keeps what it began with. */
export interface CrmSettings {
  productId: number;
  priceUsd: number | undefined;
  categoryId: number;
  stageId: string | undefined;
  sourceId: string;
  /** Who become responsible in turn; empty: the webhook's owner. */
  responsible: number[];
  /** The form whose own responsible persons these are, and which counts their turns; null: the site's. */
  turnOf: number | null;
  /** The owner of a known contact becomes responsible for the deal. */
  keepsOwner: boolean;
  /** Which value goes to which further field of contact or deal, as the administrator has configured it. */
  fieldRules: FieldRule[];
  /** The site's address, for links to people's pages. */
  siteUrl: string;
  /** The installation's time zone, for days. */
  zone: string;
  /** With placeholders: see server/platform/title-template.ts. */
  titleTemplate: string;
}

/** What the environment and the settings say about the records of registrations. */
export const crmSettingsOf = (env: Env, turnOf: number | null = null): CrmSettings => ({
  productId: env.BITRIX24_PRODUCT_ID,
  priceUsd: env.BITRIX24_PRICE_USD,
  categoryId: env.BITRIX24_CATEGORY_ID,
  stageId: env.BITRIX24_STAGE_ID,
  sourceId: env.BITRIX24_SOURCE_ID,
  responsible: env.BITRIX24_ASSIGNED_BY_IDS,
  turnOf,
  keepsOwner: env.BITRIX24_KEEP_OWNER === "on",
  fieldRules: env.BITRIX24_MARK_FIELDS,
  siteUrl: env.APP_URL,
  zone: env.TIME_ZONE,
  titleTemplate: env.BITRIX24_DEAL_TITLE,
});

/** Texts that stand in everybody's records, such as the fixed part of titles. */
export const constantTexts = ({
  titleTemplate,
  fieldRules,
}: Pick<CrmSettings, "titleTemplate" | "fieldRules">): string[] => [
  titleTemplate,
  ...fieldRules.flatMap(({ constant, fallback }) => constant ?? fallback ?? []),
];
