import { DataList } from "~/components/ui/data-list";
import { settingsTexts } from "~/features/settings/texts";
import { TracePreview } from "~/features/settings/trace-preview";
import { useTexts } from "~/i18n/locale";
import type { Preview, PreviewField } from "~server/preview/preview";

/** Contact, deal, product row and visit as the next registration would make them, or the one that the title names. */
export function RegistrationPreview({
  preview,
  title,
  level = 3,
}: {
  preview: Preview;
  title?: string;
  /** Of its heading. */
  level?: 2 | 3;
}) {
  const m = useTexts(settingsTexts);
  const [Heading, PartHeading] = level === 2 ? (["h2", "h3"] as const) : (["h3", "h4"] as const);
  return (
    <section className="grid gap-4" data-preview>
      <Heading className="font-semibold">{title ?? m.preview.title}</Heading>
      <p className="text-sm text-ink-soft">{title ? m.preview.leadOf : m.preview.lead}</p>
      {preview.linkedContact === null ? null : <p className="text-sm">{m.preview.linked(preview.linkedContact)}</p>}
      {(["contact", "deal", "row", "trace"] as const)
        .filter((part) => preview[part].length > 0)
        .map((part) => (
          <section key={part} className="grid gap-2">
            <PartHeading className="text-sm font-medium">{m.preview[part]}</PartHeading>
            {part === "trace" ? <TracePreview fields={preview.trace} /> : <DataList rows={preview[part].map(toRow)} />}
          </section>
        ))}
    </section>
  );
}

const toRow = ({ name, title, value }: PreviewField) => ({
  name: title === name ? name : `${title} (${name})`,
  value: <span className="whitespace-pre-line">{value || "—"}</span>,
});
