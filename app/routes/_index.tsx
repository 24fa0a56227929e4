import "~/page/arrival";
import { useRouteLoaderData } from "@remix-run/react";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardStub } from "~/components/ui/card";
import { Page } from "~/components/ui/page";
import { homeTexts } from "~/features/registration/home-texts";
import { SlipPicture } from "~/features/registration/slip-picture";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import type { loader as rootLoader } from "~/root";

export const meta = pageMeta(homeTexts, (m) => ({ description: m.description }));

export default function Home() {
  const m = useTexts(homeTexts);
  const viewer = useRouteLoaderData<typeof rootLoader>("root")?.viewer;
  return (
    <Page>
      <Card>
        <div className="flex items-center justify-between gap-8 px-6 py-10 sm:px-12 sm:py-16">
          <div className="grid min-w-0 grid-cols-1 gap-6">
            <h1 className="max-w-text text-3xl font-semibold tracking-tight text-balance hyphens-auto wrap-anywhere">
              {m.title}
            </h1>
            <p className="max-w-text text-lg text-ink-soft">{m.lead}</p>
            <p className="flex flex-wrap gap-3">
              {viewer ? (
                <ButtonLink to="/account">{m.account}</ButtonLink>
              ) : (
                <>
                  <ButtonLink to="/register">{m.register}</ButtonLink>
                  <ButtonLink to="/login" look="secondary">
                    {m.signIn}
                  </ButtonLink>
                </>
              )}
            </p>
          </div>
          <SlipPicture />
        </div>
        <CardStub className="px-6 py-8 sm:px-12 sm:py-10">
          <h2 className="sr-only">{m.stepsTitle}</h2>
          <ol className="grid gap-8 md:grid-cols-3">
            {m.steps.map(({ title, text }, index) => (
              <li key={title} className="grid min-w-0 grid-cols-1 content-start gap-2 border-l-2 border-accent pl-4">
                <span aria-hidden="true" className="text-lg font-semibold text-accent tabular-nums">
                  {index + 1}
                </span>
                <h3 className="font-semibold text-balance hyphens-auto wrap-anywhere">{title}</h3>
                <p className="text-sm text-ink-soft">{text}</p>
              </li>
            ))}
          </ol>
        </CardStub>
      </Card>
    </Page>
  );
}
