import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { PostForm } from "~/components/ui/post-form";
import { consentsTexts } from "~/features/consents/texts";
import { ConsentBox } from "~/features/registration/consent-box";
import { LocaleContext, locales, useLocale, useTexts } from "~/i18n/locale";
import type { ConsentDraft, DraftWarning } from "~server/consents/draft";

/** How the form will ask, in both languages, and the button that saves what is shown here. */
export function ConsentReview({
  draft,
  warnings,
  seen,
  isNew,
}: {
  draft: ConsentDraft;
  warnings: DraftWarning[];
  seen: number;
  isNew: boolean;
}) {
  const m = useTexts(consentsTexts);
  const { wording } = draft;
  return (
    <Card className="grid gap-5 p-5 sm:p-8">
      <h2 className="text-lg font-semibold">{m.form.preview}</h2>
      {warnings.map((warning) => (
        <Alert key={warning} tone="wait">
          {m.warnings[warning]}
        </Alert>
      ))}
      <ConsentPreviews draft={draft} />
      {isNew ? null : <p className="text-sm text-ink-soft">{m.form.newVersion}</p>}
      <PostForm>
        <input type="hidden" name="seen" value={seen} />
        <input type="hidden" name="step" value="save" />
        {isNew ? (
          <>
            <input type="hidden" name="key" value={draft.key} />
            <input type="hidden" name="purpose" value={draft.purpose} />
          </>
        ) : null}
        {draft.required ? <input type="hidden" name="required" value="on" /> : null}
        {locales.map((language) => (
          <span key={language} hidden>
            <input type="hidden" name={`label.${language}`} value={wording.label[language]} />
            <input type="hidden" name={`text.${language}`} value={wording.text[language].join("\n")} />
          </span>
        ))}
        <Button type="submit">{m.form.save}</Button>
      </PostForm>
    </Card>
  );
}

/** The boxes as the form shows them, to be tried out; they belong to no form. */
export function ConsentPreviews({
  draft: { required, wording },
}: {
  draft: Pick<ConsentDraft, "required" | "wording">;
}) {
  const m = useTexts(consentsTexts);
  const own = useLocale();
  return (
    <div className="grid gap-5 md:grid-cols-2">
      {/* In the order of the fields above. */}
      {[...locales]
        .sort((one, two) => Number(two === own) - Number(one === own))
        .map((language) => (
          <div key={language} className="grid content-start gap-2">
            <h3 className="text-sm font-medium text-ink-soft">{m.form.inLanguage[language]}</h3>
            <div lang={language} className="rounded-md border border-line p-4">
              <LocaleContext.Provider value={language}>
                <ConsentBox
                  opened
                  consent={{
                    field: `preview-${language}`,
                    label: wording.label[language],
                    text: wording.text[language],
                    required,
                  }}
                />
              </LocaleContext.Provider>
            </div>
          </div>
        ))}
    </div>
  );
}
