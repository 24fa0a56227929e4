import type { MetaFunction } from "@remix-run/node";
import type { ComponentType, ReactNode } from "react";
import { isLocale, type Texts, useLocale } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import { useSiteName } from "~/i18n/site-name";
import type { Attention } from "~server/statistics/attention";

/** Whether a page waits for something to change; `long`: perhaps for days, or for ever. */
export type PageWait = boolean | "long";

/** What a route may tell the layout. */
export interface PageHandle {
  /** Whether the page, with this data of its loader, waits for something to change. */
  waits?: (data: unknown) => PageWait;
  /**
   * The administration's menu, which takes the header's place. Given by the route, so that only pages of the
   * administration load it. The route's loader returns the counts as `attention`.
   */
  Menu?: ComponentType<{ attention: Attention | null; brand: ReactNode }>;
}

/** Title and description in the page's language, from an area of the dictionaries. */
export function pageMeta<T>(
  area: Texts<T>,
  words: (texts: T) => { title?: string; description?: string },
): MetaFunction {
  return ({ matches }) => {
    const loaded = matches.map(({ data }) => data as { locale?: unknown; siteName?: unknown } | undefined);
    // After a form that was refused with an error page the frame has no data. Remix calls this while it renders <Meta>.
    const fallback = { locale: useLocale(), siteName: useSiteName() };
    const locale = loaded.map((each) => each?.locale).find(isLocale) ?? fallback.locale;
    const { title, description } = words(area[locale]);
    const given = loaded.map((each) => each?.siteName).find((each) => typeof each === "string");
    const name = given ?? fallback.siteName ?? siteTexts[locale].name;
    return [
      { title: title && title !== name ? `${title} · ${name}` : name },
      ...(description ? [{ name: "description", content: description }] : []),
    ];
  };
}
