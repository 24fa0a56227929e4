import { isRouteErrorResponse, useLocation } from "@remix-run/react";
import { ButtonLink } from "~/components/ui/button";
import { Page, PageHeader } from "~/components/ui/page";
import { errorPageTexts } from "~/i18n/errors";
import { useTexts } from "~/i18n/locale";

/** In place of a page that cannot be shown: what happened, and a way on. */
export function ErrorPage({ error }: { error: unknown }) {
  const m = useTexts(errorPageTexts);
  const kind = errorKind(error);
  const { title, text } = m[kind];
  const { pathname, search } = useLocation();
  return (
    <Page width="text">
      <PageHeader title={title} lead={text} />
      <p className="flex flex-wrap gap-3">
        {kind === "failed" ? (
          <ButtonLink to={pathname + search} reloadDocument>
            {m.retry}
          </ButtonLink>
        ) : null}
        <ButtonLink to="/" reloadDocument look={kind === "failed" ? "secondary" : "primary"}>
          {m.home}
        </ButtonLink>
      </p>
    </Page>
  );
}

/** Which of the words fit. */
export function errorKind(error: unknown): "notFound" | "forbidden" | "badRequest" | "failed" {
  if (!isRouteErrorResponse(error)) return "failed";
  if (error.status === 404) return "notFound";
  if (error.status === 403) return "forbidden";
  return error.status < 500 ? "badRequest" : "failed";
}
