import { isRouteErrorResponse, useLocation } from "@remix-run/react";
import { useEffect } from "react";
import { ButtonLink } from "~/components/ui/button";
import { Page, PageHeader } from "~/components/ui/page";
import { errorPageTexts } from "~/i18n/errors";
import { useTexts } from "~/i18n/locale";
import { interruptionIn } from "~/page/interruption";
import { siteAnswers } from "~/page/site-answers";
import { InterruptedForm } from "./interrupted-form";

/** Replaces a page that cannot be shown: says what happened and offers a way on. */
export function ErrorPage({ error }: { error: unknown }) {
  const m = useTexts(errorPageTexts);
  const { pathname, search } = useLocation();
  const interruption = interruptionIn(error);
  if (interruption) return <InterruptedForm {...interruption} backTo={pathname + search} />;
  const kind = errorKind(error);
  const { title } = m[kind];
  const sent = kind === "unavailable" && wasSent(error);
  const text = sent ? m.unavailable.sent : m[kind].text;
  const isTemporary = kind === "failed" || kind === "unavailable";
  return (
    <Page width="text">
      <PageHeader title={title} lead={text} />
      {kind === "unavailable" && !sent ? <ReloadWhenBack /> : null}
      <p className="flex flex-wrap gap-3">
        {isTemporary ? (
          <ButtonLink to={pathname + search} reloadDocument>
            {m.retry}
          </ButtonLink>
        ) : null}
        <ButtonLink to="/" reloadDocument look={isTemporary ? "secondary" : "primary"}>
          {m.home}
        </ButtonLink>
      </p>
    </Page>
  );
}

/** The kind of error, which selects the words. */
export function errorKind(
  error: unknown,
): "notFound" | "closed" | "forbidden" | "tooMany" | "badRequest" | "unavailable" | "failed" {
  if (!isRouteErrorResponse(error)) return "failed";
  if (error.status === 404) return "notFound";
  if (error.status === 410) return "closed";
  if (error.status === 403) return "forbidden";
  if (error.status === 429) return "tooMany";
  if (error.status === 503) return "unavailable";
  return error.status < 500 ? "badRequest" : "failed";
}

/**
 * Whether a form was submitted: it is not submitted again automatically, since only the person knows whether it should
 * be.
 */
const wasSent = (error: unknown): boolean =>
  isRouteErrorResponse(error) && (error.data as { sent?: unknown } | null)?.sent === true;

const reloadAfterMs = 5_000;

/** Reloads the page once the site answers; without scripts the browser retries every few seconds. */
function ReloadWhenBack() {
  useEffect(() => {
    const timer = setInterval(async () => {
      if (await siteAnswers()) window.location.reload();
    }, reloadAfterMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <noscript>
      <meta httpEquiv="refresh" content={String(reloadAfterMs / 1_000)} />
    </noscript>
  );
}
