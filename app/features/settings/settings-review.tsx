import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { PostForm } from "~/components/ui/post-form";
import { ChangeList } from "~/features/settings/change-list";
import { seenField, stepField } from "~/features/settings/form-fields";
import { RegistrationPreview } from "~/features/settings/preview";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import type { SettingsAnswer } from "./settings-form.server";

/** What would be changed, and the button that does it. It sends what is shown here, not what is typed below since. */
export function SettingsReview({
  answer: { texts, changes, review },
  seen,
}: {
  answer: Pick<SettingsAnswer, "texts" | "changes" | "review">;
  seen: number;
}) {
  const m = useTexts(settingsTexts);
  return (
    <Card className="grid gap-4 p-5 sm:p-8">
      <h2 className="font-serif text-lg font-semibold">{m.changes}</h2>
      <ChangeList changes={changes} />
      {review?.warnings.map((words) => (
        // What is said of fields keeps people out of the portal.
        <Alert key={words} tone={"fields" in texts ? "bad" : "wait"}>
          {words}
        </Alert>
      ))}
      {review?.preview ? <RegistrationPreview preview={review.preview} /> : null}
      <PostForm>
        <input type="hidden" name={seenField} value={seen} />
        <input type="hidden" name={stepField} value="save" />
        {Object.entries(texts).map(([key, text]) => (
          <input key={key} type="hidden" name={key} value={text} />
        ))}
        <Button type="submit">{m.save}</Button>
      </PostForm>
    </Card>
  );
}
