import { Alert } from "~/components/ui/alert";
import { Card } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { TextLink } from "~/components/ui/text-link";
import { embedLinesTexts } from "~/features/embed/lines-texts";
import { useTexts } from "~/i18n/locale";

/** A form as other sites' pages name it. */
export interface EmbeddedForm {
  /** Null: the first one. */
  slug: string | null;
  name: string;
  /** Parameters of the page's address that its hidden questions take. */
  passes: string[];
}

/** What an owner copies into the pages of another site, form by form, and how the form looks there. */
export function EmbedLines({ site, origins, forms }: { site: string; origins: string[]; forms: EmbeddedForm[] }) {
  const m = useTexts(embedLinesTexts);
  return (
    <>
      {origins.length > 0 ? (
        <Alert tone="good">
          {m.allowed} <span translate="no">{origins.join(", ")}</span>
        </Alert>
      ) : (
        <Alert tone="wait">{m.none}</Alert>
      )}
      {forms.map((form) => {
        const path = form.slug === null ? "/embed" : `/embed/${form.slug}`;
        const name = form.name || m.first;
        return (
          <Card key={path} className="grid gap-4 p-5 sm:p-8">
            <h2 className="text-lg font-semibold wrap-anywhere">{name}</h2>
            <p>{m.script}</p>
            <CodeBlock>{scriptLine(site, form)}</CodeBlock>
            <p>{m.frame}</p>
            <CodeBlock>{frameLine(site + path, m.title)}</CodeBlock>
            <details className="grid gap-3">
              <summary className="w-fit cursor-pointer text-accent underline decoration-1 underline-offset-4">
                {m.preview(name)}
              </summary>
              <p className="mt-3 text-sm text-ink-soft">
                {m.real}{" "}
                <TextLink to={path} target="_blank">
                  {m.open}
                </TextLink>
              </p>
              <iframe
                src={path}
                title={m.preview(name)}
                loading="lazy"
                className="mt-3 h-160 w-full border border-line"
              />
            </details>
          </Card>
        );
      })}
    </>
  );
}

/** A slug has letters, digits and hyphens only, so nothing has to be encoded. */
function scriptLine(site: string, { slug, passes }: EmbeddedForm): string {
  // Other names cannot stand in the list, and no owner types them into an address.
  const plain = passes.filter((name) => /^[\w.-]+$/.test(name));
  const form = slug === null ? "" : ` data-form="${slug}"`;
  const pass = plain.length > 0 ? ` data-pass="${plain.join(",")}"` : "";
  return `<script src="${site}/embed.js"${form}${pass} async></script>`;
}

const frameLine = (address: string, title: string) =>
  `<iframe src="${address}" title="${title}" width="100%" height="900" referrerpolicy="no-referrer-when-downgrade"></iframe>`;
