import { DataList } from "~/components/ui/data-list";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import type { Preview, PreviewField } from "~server/preview/preview";

/** Contact, deal and product row as the next registration would make them. */
export function RegistrationPreview({ preview }: { preview: Preview }) {
  const m = useTexts(settingsTexts);
  return (
    <section className="grid gap-4" data-preview>
      <h3 className="font-semibold">{m.preview.title}</h3>
      <p className="text-sm text-ink-soft">{m.preview.lead}</p>
      {(["contact", "deal", "row", "trace"] as const)
        .filter((part) => preview[part].length > 0)
        .map((part) => (
          <section key={part} className="grid gap-1">
            <h4 className="text-sm font-medium">{m.preview[part]}</h4>
            <DataList rows={preview[part].map(toRow)} />
          </section>
        ))}
    </section>
  );
}

const toRow = ({ name, title, value }: PreviewField) => ({
  name: title === name ? name : `${title} (${name})`,
  value: <span className="whitespace-pre-line">{value || "—"}</span>,
});
