import { DataList } from "~/components/ui/data-list";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import type { Letter } from "~server/notices/letters";

/** The mails and the message that a registration makes, as they would be sent. */
export function LetterPreview({ letters }: { letters: Letter[] }) {
  const { letters: m } = useTexts(settingsTexts);
  return (
    <section className="grid gap-4" data-letters>
      <h3 className="font-semibold">{m.title}</h3>
      <p className="text-sm text-ink-soft">{m.lead}</p>
      {letters.map(({ kind, locale, to, subject, text }) => (
        <section key={`${kind}-${locale}`} className="grid gap-2">
          <h4 className="text-sm font-medium">
            {m.kinds[kind]} ({locale})
          </h4>
          <DataList
            rows={[
              ...(kind === "responsible"
                ? []
                : [
                    { name: m.to, value: to || "—" },
                    { name: m.subject, value: subject },
                  ]),
              { name: m.text, value: <span className="wrap-anywhere whitespace-pre-line">{text}</span> },
            ]}
          />
        </section>
      ))}
    </section>
  );
}
