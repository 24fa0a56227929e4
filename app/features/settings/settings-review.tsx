import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { AccentPreview } from "~/features/settings/accent-preview";
import { ChangeList } from "~/features/settings/change-list";
import { personField, seenField, stepField } from "~/features/settings/form-fields";
import { LetterPreview } from "~/features/settings/letter-preview";
import { RegistrationPreview } from "~/features/settings/preview";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import type { SettingsAnswer } from "./settings-form.server";

/** What would be changed, and the button that does it. It sends what is shown here, not what is typed below since. */
export function SettingsReview({
  answer: { texts, changes, review, dryRun },
  seen,
}: {
  answer: Pick<SettingsAnswer, "texts" | "changes" | "review" | "dryRun">;
  seen: number;
}) {
  const m = useTexts(settingsTexts);
  const hidden = Object.entries(texts).map(([key, text]) => <input key={key} type="hidden" name={key} value={text} />);
  return (
    <Card className="grid gap-4 p-5 sm:p-8">
      <h2 className="text-lg font-semibold">{m.changes}</h2>
      <ChangeList changes={changes} />
      {review?.warnings.map((words) => (
        // What is said of fields keeps people out of the portal.
        <Alert key={words} tone={"fields" in texts ? "bad" : "wait"}>
          {words}
        </Alert>
      ))}
      {dryRun?.run ? (
        <RegistrationPreview preview={dryRun.run.preview} title={m.preview.of(dryRun.run.userId, dryRun.run.name)} />
      ) : null}
      {dryRun && !dryRun.run ? <Alert tone="wait">{m.preview.nobody(dryRun.who)}</Alert> : null}
      {!dryRun && review?.preview ? <RegistrationPreview preview={review.preview} /> : null}
      {review?.letters ? <LetterPreview letters={review.letters} /> : null}
      {changes.accent?.to ? <AccentPreview colour={changes.accent.to} /> : null}
      {review?.preview ? (
        <PostForm className="flex flex-wrap items-end gap-3">
          <input type="hidden" name={seenField} value={seen} />
          <input type="hidden" name={stepField} value="check" />
          {hidden}
          <Field label={m.preview.person} name={personField} defaultValue={dryRun?.who ?? ""} autoComplete="off" />
          <Button type="submit" look="secondary">
            {m.preview.show}
          </Button>
        </PostForm>
      ) : null}
      <PostForm>
        <input type="hidden" name={seenField} value={seen} />
        <input type="hidden" name={stepField} value="save" />
        {hidden}
        <Button type="submit">{m.save}</Button>
      </PostForm>
    </Card>
  );
}
