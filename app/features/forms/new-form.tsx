import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { SelectField } from "~/components/ui/select-field";
import type { ListedForm } from "~/features/forms/form-list";
import { formsTexts } from "~/features/forms/texts";
import { useTexts } from "~/i18n/locale";
import { formName } from "~server/forms/form-name";
import type { ListAnswer } from "./forms-page.server";

/** Adds a form, blank or like one of these. */
export function NewForm({
  forms,
  like,
  answer,
}: {
  forms: ListedForm[];
  /** The form that the page's address names for copying. */
  like: string;
  answer: Pick<ListAnswer, "typed" | "said"> | undefined;
}) {
  const m = useTexts(formsTexts);
  return (
    <Card className="p-5 sm:p-8">
      <PostForm className="grid gap-5" id="add">
        <div className="grid gap-1">
          <h2 className="text-lg font-semibold">{m.add}</h2>
          <p className="text-sm text-ink-soft">{m.addLead}</p>
        </div>
        <div className="grid gap-3 sm:grid-cols-3">
          <Field label={m.name} name="name" defaultValue={answer?.typed.name} maxLength={200} autoComplete="off" />
          <Field
            label={m.slug}
            hint={m.slugHint}
            name="slug"
            defaultValue={answer?.typed.slug}
            said={answer?.said ?? undefined}
            required
            autoComplete="off"
          />
          <SelectField
            label={m.like}
            name="like"
            defaultValue={answer?.typed.like || like}
            options={[
              { value: "", label: m.blank },
              ...forms.map((form) => ({ value: String(form.id), label: formName(form, m.first) })),
            ]}
          />
        </div>
        <p>
          <Button type="submit">{m.make}</Button>
        </p>
      </PostForm>
    </Card>
  );
}
