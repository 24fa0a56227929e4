import { useState } from "react";
import { Button } from "~/components/ui/button";
import { CheckboxField, Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { SelectField } from "~/components/ui/select-field";
import { TextArea } from "~/components/ui/text-area";
import { consentsTexts } from "~/features/consents/texts";
import { overtakenTexts } from "~/features/settings/overtaken-texts";
import { settingsTexts } from "~/features/settings/texts";
import { useUnsaved } from "~/hooks/use-unsaved";
import { locales, useLocale, useTexts } from "~/i18n/locale";
import type { ConsentContent } from "~server/consents/changed-since";
import type { DraftField, DraftProblems, TypedConsent } from "~server/consents/draft";
import { type ConsentKind, processingKind } from "~server/consents/kinds";

interface Props {
  /** Null: a new one. */
  kind: ConsentKind | null;
  typed: TypedConsent | null;
  /** Whether that is saved, and the page's data are loaded again. */
  isSaved: boolean;
  problems: DraftProblems;
  /** What a colleague has changed meanwhile, beside what was typed and in the place of what was not touched. */
  overtaken: ConsentContent;
  theirs: DraftField[];
  /** The newest change that the page shows. */
  seen: number;
  /** Whether the next step has the main button. */
  reviewed: boolean;
  onInput: () => void;
}

/** The words of a consent and what they are for. Sending it saves nothing yet: the answer shows how the form asks. */
export function ConsentEditor({ kind, typed, isSaved, problems, overtaken, theirs, seen, reviewed, onInput }: Props) {
  const m = useTexts(consentsTexts);
  const { now, nowTicked } = useTexts(overtakenTexts);
  const locale = useLocale();
  const said = (field: DraftField) => {
    const [problem, current] = [problems[field], overtaken[field]];
    const words = [
      problem && m.problems[problem],
      current === undefined ? undefined : field === "required" ? nowTicked(current === "on") : now(current),
    ];
    return words.filter(Boolean).join(" ") || undefined;
  };
  // Rendered again with what a colleague has changed, where nothing was typed.
  const keyOf = (field: DraftField) => `${field} ${theirs.includes(field) ? seen : ""}`;
  // The page's data are loaded again while the inputs stay as they were.
  const [shown] = useState(seen);
  const { unsaved } = useTexts(settingsTexts);
  const watched = useUnsaved(unsaved, typed !== null && !isSaved, onInput);
  const required = typed?.required ?? kind?.required ?? false;
  return (
    <PostForm className="grid gap-5" {...watched}>
      <input type="hidden" name="seen" value={typed && !isSaved ? seen : shown} />
      {kind === null ? (
        <>
          <Field
            label={m.form.key}
            hint={m.form.keyHint}
            name="key"
            defaultValue={typed?.key ?? ""}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            said={said("key")}
          />
          <SelectField
            label={m.form.purpose}
            name="purpose"
            defaultValue={typed?.purpose ?? "advertising"}
            options={(["advertising", "other"] as const).map((value) => ({ value, label: m.purposes[value] }))}
            hint={m.form.advertising}
            said={said("purpose")}
          />
        </>
      ) : (
        <p>
          {m.purposes[kind.purpose]} <span className="text-ink-soft">({kind.key})</span>
        </p>
      )}
      {[...locales]
        .sort((one, other) => Number(other === locale) - Number(one === locale))
        .map((language) => (
          <div key={language} className="grid gap-5">
            <Field
              key={keyOf(`label.${language}`)}
              label={m.form.label[language]}
              name={`label.${language}`}
              lang={language}
              defaultValue={typed?.label[language] ?? kind?.wording.label[language] ?? ""}
              autoComplete="off"
              said={said(`label.${language}`)}
            />
            <TextArea
              key={keyOf(`text.${language}`)}
              label={m.form.text[language]}
              name={`text.${language}`}
              lang={language}
              rows={6}
              autoComplete="off"
              defaultValue={typed?.text[language] ?? kind?.wording.text[language].join("\n") ?? ""}
              hint={m.form.textHint}
              said={said(`text.${language}`)}
            />
          </div>
        ))}
      {kind?.key === processingKind ? (
        <p className="text-sm text-ink-soft">{m.form.processing}</p>
      ) : kind?.purpose === "advertising" ? (
        <p className="text-sm text-ink-soft">{m.form.advertising}</p>
      ) : (
        <CheckboxField
          key={keyOf("required")}
          name="required"
          label={m.form.required}
          defaultChecked={required}
          said={said("required")}
        />
      )}
      <p>
        <Button type="submit" look={reviewed ? "secondary" : "primary"}>
          {m.form.check}
        </Button>
      </p>
    </PostForm>
  );
}
