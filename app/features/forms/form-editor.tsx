import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { SelectField } from "~/components/ui/select-field";
import { ItemFields } from "~/features/forms/item-fields";
import { NewQuestion } from "~/features/forms/new-question";
import { OwnSettings } from "~/features/forms/own-settings";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import { WordsFields } from "~/features/forms/words-fields";
import type { Options } from "~/features/settings/choices.server";
import { seenField } from "~/features/settings/form-fields";
import { useTexts } from "~/i18n/locale";
import type { FormState } from "~server/forms/change";
import { absentFields, idOf } from "~server/forms/draft-inputs";

const blank = { en: "", ru: "" };

/** Everything of a form in one page. Sending it saves nothing yet: the answer shows what would change. */
export function FormEditor({
  state,
  seen,
  texts,
  options,
  sources,
  inputs,
}: {
  state: FormState;
  /** The newest change that the page shows. */
  seen: number;
  texts: Record<string, string>;
  options: Options;
  sources: string[];
  inputs: Inputs;
}) {
  const m = useTexts(formsTexts);
  const { definition, name, slug } = state;
  const items = [...definition.items, ...absentFields(state)];
  const { after } = definition;
  return (
    <Card className="p-5 sm:p-8">
      <PostForm className="grid gap-8">
        <input type="hidden" name={seenField} value={inputs.text(seenField, String(seen))} />
        <section className="grid gap-5">
          <h2 className="font-serif text-lg font-semibold">{m.words}</h2>
          <div className="grid gap-3 sm:grid-cols-2">
            <Field
              label={m.name}
              name="name"
              defaultValue={inputs.text("name", name)}
              said={inputs.said("name")}
              maxLength={200}
              autoComplete="off"
            />
            {slug === null ? null : (
              <Field
                label={m.slug}
                hint={m.slugHint}
                name="slug"
                defaultValue={inputs.text("slug", slug)}
                said={inputs.said("slug")}
                autoComplete="off"
              />
            )}
          </div>
          <WordsFields name="heading" label={m.heading} words={definition.heading} inputs={inputs} hint={m.usual} />
          <WordsFields name="lead" label={m.lead} words={definition.lead} inputs={inputs} hint={m.usual} />
        </section>
        <section className="grid gap-5">
          <h2 className="font-serif text-lg font-semibold">{m.items}</h2>
          <p className="text-sm text-ink-soft">{m.itemsLead}</p>
          {items.map((item, index) => (
            <ItemFields
              key={idOf(item)}
              item={item}
              place={index + 1}
              isAsked={index < definition.items.length}
              inputs={inputs}
            />
          ))}
          <NewQuestion inputs={inputs} />
          {definition.removed.length > 0 ? (
            <p className="text-sm wrap-anywhere text-ink-soft">
              {m.removed}: {definition.removed.map(({ label, key }) => label.en || label.ru || key).join(", ")}
            </p>
          ) : null}
        </section>
        <section className="grid gap-5">
          <h2 className="font-serif text-lg font-semibold">{m.after}</h2>
          <SelectField
            label={m.afterKind}
            name="after.kind"
            defaultValue={inputs.text("after.kind", after.kind)}
            options={(["account", "text", "address"] as const).map((value) => ({ value, label: m.afterKinds[value] }))}
          />
          <WordsFields
            name="after.text"
            label={m.afterText}
            words={after.kind === "text" ? after.text : blank}
            inputs={inputs}
          />
          <Field
            label={m.afterAddress}
            name="after.address"
            defaultValue={inputs.text("after.address", after.kind === "address" ? after.address : "")}
            said={inputs.said("after.address")}
            placeholder="https://"
            autoComplete="off"
          />
        </section>
        <OwnSettings own={definition.settings} texts={texts} options={options} sources={sources} inputs={inputs} />
        <p>
          <Button type="submit">{m.check}</Button>
        </p>
      </PostForm>
    </Card>
  );
}
