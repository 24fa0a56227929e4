import "~/page/arrival";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { openApiDocument } from "~/api/openapi.server";
import { describedErrors } from "~/api/rest-error.server";
import { Card } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { DataList } from "~/components/ui/data-list";
import { Page, PageHeader } from "~/components/ui/page";
import { ApiOperation } from "~/features/api-docs/api-operation";
import { apiOperations } from "~/features/api-docs/api-reference.server";
import { apiDocsTexts } from "~/features/api-docs/texts";
import { apiErrorTexts } from "~/i18n/api-errors";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { maxBodyBytes } from "~server/http/body-limit";
import { requestLocale } from "~server/http/request-locale";
import { callsPerTokenAndMinute, maxBatchCalls } from "~server/http/token-limit";

export function loader({ request, context }: LoaderFunctionArgs) {
  const locale = requestLocale(request);
  return {
    operations: apiOperations(openApiDocument(context.services.env.APP_URL), locale),
    limits: { calls: callsPerTokenAndMinute, batch: maxBatchCalls, bytes: maxBodyBytes },
    errors: describedErrors(apiErrorTexts[locale]),
  };
}

export const meta = pageMeta(apiDocsTexts, (m) => ({ title: m.title, description: m.description }));

export default function ApiDocs() {
  const m = useTexts(apiDocsTexts);
  const { operations, errors, limits } = useLoaderData<typeof loader>();
  return (
    <Page>
      <PageHeader title={m.title} lead={m.description} />
      <section className="grid max-w-text gap-3">
        <h2 className="text-lg font-semibold">{m.access}</h2>
        <p>{m.accessText(limits.calls)}</p>
        <CodeBlock>Authorization: Bearer b24r_…</CodeBlock>
        <p>{m.trpc}</p>
        <p className="flex flex-wrap gap-x-5 gap-y-1">
          <a className="text-accent underline underline-offset-4" href="/api/types.d.ts">
            {m.types}
          </a>
          <a className="text-accent underline underline-offset-4" href="/api/openapi.json">
            {m.document}
          </a>
        </p>
        <p>{m.limitsText(limits)}</p>
      </section>
      {operations.map((operation) => (
        <ApiOperation key={operation.id} operation={operation} />
      ))}
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.errors}</h2>
        <p>{m.errorsText}</p>
        <Card className="px-5 py-4.5 sm:px-8">
          <DataList rows={errors.map(({ status, code, message }) => ({ name: `${status} ${code}`, value: message }))} />
        </Card>
      </section>
    </Page>
  );
}
