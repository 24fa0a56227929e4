import { Badge } from "~/components/ui/badge";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { denseButton, denseCell, denseEntries, denseHead, denseName, denseRow } from "~/components/ui/dense-list";
import { PostForm } from "~/components/ui/post-form";
import { consentsTexts } from "~/features/consents/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import { type ConsentKind, processingKind } from "~server/consents/kinds";

interface Props {
  kinds: ConsentKind[];
  seen: number;
}

const columns = "lg:grid-cols-[minmax(0,7fr)_6.5rem_minmax(0,4fr)_minmax(0,5fr)_20rem]";

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
  const m = useTexts(consentsTexts);
  return (
    <section className="grid gap-3">
      <h2 className="text-lg font-semibold">{title}</h2>
      <Card>
        <div aria-hidden="true" className={`${denseHead} ${columns}`}>
          {[m.columns.label, m.columns.required, m.columns.purpose, m.columns.wording].map((name) => (
            <span key={name}>{name}</span>
          ))}
        </div>
        <ul aria-label={title} className={denseEntries}>
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
    <li data-consent={key} className={`${denseRow} ${columns}`}>
      <p className="min-w-0 font-medium wrap-anywhere">{label}</p>
      <p className={denseCell}>
        <Badge tone={required ? "wait" : "plain"} look="line">
          {required ? m.required : m.optional}
        </Badge>
      </p>
      <p className={denseCell}>
        <span className={denseName}>{m.columns.purpose}: </span>
        {m.purposes[purpose]}
      </p>
      <p className={denseCell}>
        <span className={denseName}>{m.columns.wording}: </span>
        {key} · {versionText(m, wording.version)}
      </p>
      <div className="flex flex-wrap gap-2 max-lg:pt-1 lg:justify-end lg:gap-y-1">
        <ButtonLink
          to={`/admin/settings/consents/${key}`}
          look="secondary"
          size="sm"
          className={denseButton}
          aria-label={m.of(m.edit, label)}
        >
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
      <Button
        type="submit"
        name={name}
        value={value}
        look="secondary"
        size="sm"
        className={denseButton}
        aria-label={m.of(text, of)}
      >
        {text}
      </Button>
    </PostForm>
  );
}

/** The built-in wordings have a day for their version, the owner's a number. */
export const isBuiltIn = (version: string): boolean => !/^\d+$/.test(version);

export const versionText = (m: (typeof consentsTexts)["en"], version: string | null) =>
  version === null || isBuiltIn(version) ? m.builtIn : m.wording(version);
