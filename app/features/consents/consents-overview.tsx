import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { consentsTexts } from "~/features/consents/texts";
import { useTexts } from "~/i18n/locale";
import type { AskedConsent } from "~server/consents/kinds";

/** The consents in short, and the way to change them. */
export function ConsentsOverview({ asked }: { asked: Pick<AskedConsent, "key" | "label" | "required">[] }) {
  const m = useTexts(consentsTexts);
  return (
    <Card className="grid gap-4 p-5 sm:p-8">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="grid gap-1">
          <h2 className="text-lg font-semibold">{m.title}</h2>
          <p className="text-sm text-ink-soft">{m.description}</p>
        </div>
        <ButtonLink to="/admin/settings/consents" look="secondary" size="sm">
          {m.manage}
        </ButtonLink>
      </div>
      <ul className="grid gap-2">
        {asked.map(({ key, label, required }) => (
          <li key={key} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="wrap-anywhere">{label}</span>
            <Badge tone={required ? "wait" : "plain"}>{required ? m.required : m.optional}</Badge>
          </li>
        ))}
      </ul>
    </Card>
  );
}
