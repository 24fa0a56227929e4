import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { PostForm } from "~/components/ui/post-form";
import { formsTexts } from "~/features/forms/texts";
import { stepField } from "~/features/settings/form-fields";
import { RegistrationPreview } from "~/features/settings/preview";
import { useTexts } from "~/i18n/locale";
import type { EditorAnswer } from "./editor.server";

/** What would be changed, and the button that does it. It sends what is shown here, not what is typed below since. */
export function FormReview({
  answer: { typed, changed, review },
}: {
  answer: Pick<EditorAnswer, "typed" | "changed" | "review">;
}) {
  const m = useTexts(formsTexts);
  return (
    <Card className="grid gap-4 p-5 sm:p-8">
      <h2 className="text-lg font-semibold">{m.changes}</h2>
      <p>{changed.map((part) => m.changed[part]).join(", ")}</p>
      {changed.includes("slug") ? <p>{m.formerAddress}</p> : null}
      {review?.warnings.map((words) => (
        <Alert key={words} tone="wait">
          {words}
        </Alert>
      ))}
      <PostForm>
        {Object.entries(typed).map(([name, text]) => (
          <textarea key={name} name={name} defaultValue={text} hidden readOnly aria-label={name} />
        ))}
        <input type="hidden" name={stepField} value="save" />
        <Button type="submit">{m.save}</Button>
      </PostForm>
      {review?.preview ? <RegistrationPreview preview={review.preview} /> : null}
    </Card>
  );
}
