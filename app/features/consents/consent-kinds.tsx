import { Badge } from "~/components/ui/badge";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { PostForm } from "~/components/ui/post-form";
import { consentsTexts } from "~/features/consents/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import { type ConsentKind, processingKind } from "~server/consents/kinds";

interface Props {
  kinds: ConsentKind[];
  seen: number;
}

/** The consents in the order of the form, with what can be done about each. */
export function ConsentKinds({ kinds, seen }: Props) {
  const m = useTexts(consentsTexts);
  const asked = kinds.filter(({ retired }) => !retired);
  const retired = kinds.filter((kind) => kind.retired);
  return (
    <>
      <KindList title={m.asked} kinds={asked} seen={seen} />
      {retired.length > 0 ? <KindList title={m.retired} kinds={retired} seen={seen} /> : null}
    </>
  );
}

function KindList({ title, kinds, seen }: Props & { title: string }) {
  return (
    <section className="grid gap-3">
      <h2 className="text-lg font-semibold">{title}</h2>
      <Card>
        <ul aria-label={title} className="divide-y divide-line">
          {kinds.map((kind, at) => (
            <Kind key={kind.key} kind={kind} seen={seen} isFirst={at === 0} isLast={at === kinds.length - 1} />
          ))}
        </ul>
      </Card>
    </section>
  );
}

function Kind({ kind, seen, isFirst, isLast }: { kind: ConsentKind; seen: number; isFirst: boolean; isLast: boolean }) {
  const m = useTexts(consentsTexts);
  const locale = useLocale();
  const { key, purpose, required, retired, wording } = kind;
  const label = wording.label[locale];
  return (
    <li data-consent={key} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-4 py-4 sm:px-5">
      <div className="grid min-w-0 flex-1 basis-64 gap-2">
        <p className="font-medium wrap-anywhere">{label}</p>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-soft">
          <Badge tone={required ? "wait" : "plain"}>{required ? m.required : m.optional}</Badge>
          <span>{m.purposes[purpose]}</span>
          <span>
            {key} · {versionText(m, wording.version)}
          </span>
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <ButtonLink to={`/admin/settings/consents/${key}`} look="secondary" size="sm" aria-label={m.of(m.edit, label)}>
          {m.edit}
        </ButtonLink>
        {!retired && !isFirst ? <Act name="up" text={m.up} of={label} value={key} seen={seen} /> : null}
        {!retired && !isLast ? <Act name="down" text={m.down} of={label} value={key} seen={seen} /> : null}
        {key === processingKind ? null : retired ? (
          <Act name="restore" text={m.restore} of={label} value={key} seen={seen} />
        ) : (
          <Act name="retire" text={m.retire} of={label} value={key} seen={seen} />
        )}
      </div>
    </li>
  );
}

function Act({ name, text, of, value, seen }: { name: string; text: string; of: string; value: string; seen: number }) {
  const m = useTexts(consentsTexts);
  return (
    <PostForm>
      <input type="hidden" name="seen" value={seen} />
      <Button type="submit" name={name} value={value} look="secondary" size="sm" aria-label={m.of(text, of)}>
        {text}
      </Button>
    </PostForm>
  );
}

/** The built-in wordings have a day for their version, the owner's a number. */
export const versionText = (m: (typeof consentsTexts)["en"], version: string | null) =>
  version !== null && /^\d+$/.test(version) ? m.wording(version) : m.builtIn;
