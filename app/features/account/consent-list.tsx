import type { ReactNode } from "react";
import { DateTime } from "~/components/ui/date-time";
import { dataTexts } from "~/features/account/data-texts";
import { useTexts } from "~/i18n/locale";
import { type AskedConsent, processingKind } from "~server/consents/kinds";
import type { ConsentView } from "~server/privacy/consents";

/** A kind of consent, and what a person has said to it, the newest first. */
export interface ConsentGroup {
  key: string;
  /** Null: asked for no more. */
  asked: AskedConsent | null;
  given: ConsentView[];
  /** Whether it was given and not withdrawn. */
  holds: boolean;
}

/** The consents that are asked for, in their order, and those that the person gave before and are asked for no more. */
export function groupsOf(consents: ConsentView[], asked: AskedConsent[]): ConsentGroup[] {
  const keys = [...asked.map(({ key }) => key), ...consents.map(({ kind }) => kind)];
  return [...new Set(keys)].map((key) => {
    const given = consents.filter(({ kind }) => kind === key);
    return {
      key,
      asked: asked.find((each) => each.key === key) ?? null,
      given,
      holds: given.some(({ withdrawnAt }) => withdrawnAt === null),
    };
  });
}

/** What a consent is called: as the form asks for it now, else in the words, and the language, that were agreed to. */
export const nameOf = ({ key, asked, given }: ConsentGroup): string =>
  asked?.label ?? given.find(({ words }) => words)?.words?.label ?? key;

const languageOfName = ({ asked, given }: ConsentGroup): string | undefined =>
  asked ? undefined : given.find(({ words }) => words)?.words?.language;

/** A person's consents, kind by kind: the wordings, when given, when withdrawn, and what can be done about each. */
export function ConsentList({
  consents,
  asked,
  act,
}: {
  consents: ConsentView[];
  asked: AskedConsent[];
  act: (group: ConsentGroup) => ReactNode;
}) {
  return (
    <ul className="grid gap-6">
      {groupsOf(consents, asked).map((group) => (
        <li key={group.key} data-consent={group.key} className="grid gap-3">
          <h3 lang={languageOfName(group)} className="font-medium wrap-anywhere">
            {nameOf(group)}
          </h3>
          <Given group={group} />
          {act(group)}
        </li>
      ))}
    </ul>
  );
}

function Given({ group: { key, given } }: { group: ConsentGroup }) {
  const m = useTexts(dataTexts).consent;
  if (given.length === 0) return <p className="text-ink-soft">{key === processingKind ? m.none : m.notGiven}</p>;
  return (
    <ul className="grid gap-3">
      {given.map(({ id, version, words, givenAt, withdrawnAt }) => (
        <li key={id} className="grid gap-1">
          <p>
            {m.given} <DateTime value={givenAt} exact />
            {withdrawnAt ? (
              <>
                , {m.withdrawnAt} <DateTime value={withdrawnAt} exact />
              </>
            ) : null}
          </p>
          {words ? (
            <Wording title={m.version(version)} lang={words.language} text={words.text} />
          ) : (
            <p className="text-sm text-ink-soft">{m.unknown}</p>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The text of a consent, opened by its title. */
export function Wording({ title, lang, text }: { title: string; lang?: string | undefined; text: string[] }) {
  return (
    <details className="text-sm text-ink-soft">
      <summary className="w-fit text-accent underline decoration-1 underline-offset-4">{title}</summary>
      <div lang={lang} className="mt-2 grid gap-2 border-l-2 border-line pl-3">
        {text.map((paragraph, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs never move, and two may be alike.
          <p key={at} className="wrap-anywhere">
            {paragraph}
          </p>
        ))}
      </div>
    </details>
  );
}
