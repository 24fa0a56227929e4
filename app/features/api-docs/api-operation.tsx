import type { ReactNode } from "react";
import { Card } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { DataList } from "~/components/ui/data-list";
import type { ApiOperation as Operation } from "~/features/api-docs/api-reference.server";
import { apiDocsTexts } from "~/features/api-docs/texts";
import { useTexts } from "~/i18n/locale";

/** One endpoint: what it takes, how to call it, what it answers. */
export function ApiOperation({ operation }: { operation: Operation }) {
  const m = useTexts(apiDocsTexts);
  const { id, method, path, summary, description, fields, curl, answers } = operation;
  return (
    <Card className="grid gap-6 p-5 sm:p-8">
      <header className="grid gap-2">
        <h2 id={id} className="text-lg font-semibold">
          {summary}
        </h2>
        <p className="font-mono text-sm break-all" translate="no">
          <b>{method}</b> {path}
        </p>
        {description ? (
          <p className="text-ink-soft">
            <WithCode>{description}</WithCode>
          </p>
        ) : null}
      </header>
      {fields.length > 0 ? (
        <Part title={m.request}>
          <Fields fields={fields} />
        </Part>
      ) : null}
      <Part title={m.example}>
        <CodeBlock>{curl}</CodeBlock>
      </Part>
      <Part title={m.answers}>
        {answers.map((answer) => (
          <div key={answer.status} className="grid gap-2">
            <p>
              <b className="font-mono">{answer.status}</b> <WithCode>{answer.description}</WithCode>
            </p>
            <CodeBlock>{answer.example}</CodeBlock>
          </div>
        ))}
      </Part>
    </Card>
  );
}

/** The document's sentences, in which a name of the interface stands between backticks. */
const WithCode = ({ children }: { children: string }) => (
  <>
    {children.split("`").map((part, at) =>
      at % 2 === 0 ? (
        part
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move.
        <code key={at} className="font-mono text-sm" translate="no">
          {part}
        </code>
      ),
    )}
  </>
);

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-3">
      <h3 className="text-sm font-medium text-ink-soft">{title}</h3>
      {children}
    </section>
  );
}

function Fields({ fields }: Pick<Operation, "fields">) {
  const m = useTexts(apiDocsTexts);
  return (
    <DataList
      rows={fields.map(({ name, type, isRequired, description }) => ({
        name,
        value: (
          <>
            <span className="font-mono text-sm">{type}</span>
            {isRequired ? null : `, ${m.optional}`}
            {description ? (
              <p>
                <WithCode>{description}</WithCode>
              </p>
            ) : null}
          </>
        ),
      }))}
    />
  );
}
