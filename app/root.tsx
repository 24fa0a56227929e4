import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLocation,
  useMatches,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { type ReactNode, useEffect } from "react";
import { ErrorPage, errorKind } from "~/components/layout/error-page";
import { SiteBrand } from "~/components/layout/site-brand";
import { SiteFooter } from "~/components/layout/site-footer";
import { SiteHeader, type Viewer } from "~/components/layout/site-header";
import { mainId, SkipLink } from "~/components/layout/skip-link";
import { StorageScript } from "~/components/layout/storage-script";
import { errorPageTexts } from "~/i18n/errors";
import { LocaleContext, useLocale } from "~/i18n/locale";
import { NowContext } from "~/i18n/now";
import { siteTexts } from "~/i18n/site";
import { siteNameTag, useSiteName } from "~/i18n/site-name";
import { ZoneContext } from "~/i18n/zone";
import { interruptionIn } from "~/page/interruption";
import { useNonce } from "~/page/nonce";
import { type PageHandle, pageMeta } from "~/page/page-meta";
import { pageActor } from "~/page/session.server";
import { isEmbedPage } from "~server/http/embed-headers";
import { requestLocale } from "~server/http/request-locale";
import { logoOf } from "~server/platform/logo";
import type { Attention } from "~server/statistics/attention";
import "./tailwind.css";

export async function loader(args: LoaderFunctionArgs) {
  const {
    TIME_ZONE: timeZone,
    SITE_NAME: siteName = null,
    PRIVACY_POLICY_URL: policy = null,
    SITE_ACCENT: accent = null,
    SITE_LOGO: logo = null,
  } = args.context.services.env;
  const now = Date.now();
  const shared = { locale: requestLocale(args.request), now, timeZone, siteName, policy, accent, logo: logoOf(logo) };
  // The form inside another site's page: without the menu, and without a look at the session.
  if (isEmbedPage(new URL(args.request.url).pathname)) return { ...shared, viewer: null, isFramed: true };
  return { ...shared, viewer: await viewerOf(args), isFramed: false };
}

/** For the menu only. A page that needs to know the visitor asks by itself, and fails if the database is away. */
async function viewerOf(args: LoaderFunctionArgs): Promise<Viewer | null> {
  try {
    const actor = await pageActor(args);
    return actor && { role: actor.role };
  } catch (error) {
    args.context.services.log.warn(
      { err: error, requestId: args.context.requestId },
      "the signed-in person could not be read: the menu is shown without one",
    );
    return null;
  }
}

export { notAfterRefusal as shouldRevalidate } from "~/page/frame-data";
export { retryAfter as headers } from "~/page/retry-after";

const siteMeta = pageMeta(siteTexts, () => ({}));

/** An error takes the place of the page, and so of its title. */
export const meta: MetaFunction = (args) =>
  args.error
    ? pageMeta(errorPageTexts, (m) => interruptionIn(args.error) ?? { title: m[errorKind(args.error)].title })(args)
    : siteMeta(args);

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  const root = useRouteLoaderData<typeof loader>("root");
  // Where the root has no data, language and name are those of the first answer.
  const fallback = { locale: useLocale(), siteName: useSiteName() };
  const locale = root?.locale ?? fallback.locale;
  const isFramed = root?.isFramed ?? false;
  const words = siteTexts[locale];
  const menu = useAdminMenu();
  const { key } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: tells page/arrival.ts, which is no part of every page.
  useEffect(() => void dispatchEvent(new Event("arrival")), [key]);
  const brand = <SiteBrand name={root?.siteName ?? fallback.siteName} logo={root?.logo ?? null} />;
  const page = (
    <ZoneContext.Provider value={root?.timeZone ?? "UTC"}>
      <NowContext.Provider value={root?.now ?? 0}>{children}</NowContext.Provider>
    </ZoneContext.Provider>
  );
  return (
    <html lang={locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        {!root && fallback.siteName ? <meta name={siteNameTag} content={fallback.siteName} /> : null}
        <StorageScript />
        <Meta />
        <Links />
        {root?.accent ? <link rel="stylesheet" href={`/site.css?accent=${root.accent.slice(1)}`} /> : null}
        <RefreshWithoutScript />
      </head>
      <body className={`font-sans text-base antialiased ${isFramed ? "" : "flex min-h-dvh flex-col"}`}>
        <LocaleContext.Provider value={locale}>
          {isFramed ? (
            <main aria-label={words.register}>{page}</main>
          ) : (
            <>
              <SkipLink />
              <div
                className={
                  menu ? "flex flex-1 flex-col lg:grid lg:grid-cols-[14rem_minmax(0,1fr)] print:block!" : "contents"
                }
              >
                {menu ? (
                  <menu.Menu attention={menu.attention} brand={brand} />
                ) : (
                  <SiteHeader viewer={root?.viewer ?? null} brand={brand} />
                )}
                <div className={menu ? "flex min-w-0 flex-1 flex-col" : "contents"}>
                  <main
                    id={mainId}
                    tabIndex={-1}
                    className={`w-full flex-1 focus:outline-none ${menu ? "administration py-5 lg:pt-2.5" : "py-8 sm:py-12"}`}
                  >
                    {page}
                  </main>
                  <SiteFooter policy={root?.policy ?? null} />
                </div>
              </div>
            </>
          )}
        </LocaleContext.Provider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}

/** The menu of the administration and its counts, on the pages that bring it, where the visitor may see them. */
function useAdminMenu() {
  const matches = useMatches();
  for (const { handle, data } of matches) {
    const { Menu } = (handle as PageHandle | undefined) ?? {};
    if (Menu && data) return { Menu, attention: (data as { attention: Attention | null }).attention };
  }
  return null;
}

/**
 * Where a page waits for something, it loads itself again for those who have no script to do it; seldom where the wait is long,
 * as the page may be read meanwhile.
 */
function RefreshWithoutScript() {
  const waits = useMatches().map(({ handle, data }) => (handle as PageHandle | undefined)?.waits?.(data) ?? false);
  const seconds = waits.includes(true) ? 5 : 60;
  return waits.some(Boolean) ? (
    <noscript>
      <meta httpEquiv="refresh" content={String(seconds)} />
    </noscript>
  ) : null;
}
