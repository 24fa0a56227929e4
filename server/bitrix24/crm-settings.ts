import type { Env } from "../platform/env";
import type { CrmSettings } from "./fields";

/** What the environment and the settings say about the records of registrations. */
export const crmSettingsOf = (env: Env): CrmSettings => ({
  productId: env.BITRIX24_PRODUCT_ID,
  priceUsd: env.BITRIX24_PRICE_USD,
  categoryId: env.BITRIX24_CATEGORY_ID,
  stageId: env.BITRIX24_STAGE_ID,
  sourceId: env.BITRIX24_SOURCE_ID,
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
  ...fieldRules.flatMap(({ constant }) => constant ?? []),
];
