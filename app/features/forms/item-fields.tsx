import { Badge } from "~/components/ui/badge";
import { CheckboxField, Field } from "~/components/ui/field";
import { TextArea } from "~/components/ui/text-area";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import { WordsFields } from "~/features/forms/words-fields";
import { useLocale, useTexts } from "~/i18n/locale";
import { type FormItem, freeFields, type Question } from "~server/forms/definition";
import { idOf, inputOf } from "~server/forms/draft-inputs";
import { optionLines } from "~server/forms/option-lines";
import { wordsIn } from "~server/forms/questions";
import { personField } from "~server/person/fields";

/** One item of the form: its place, its words, and whether it is asked or removed. */
export function ItemFields({
  item,
  place,
  isAsked,
  inputs,
}: {
  item: FormItem;
  place: number;
  isAsked: boolean;
  inputs: Inputs;
}) {
  const m = useTexts(formsTexts);
  const locale = useLocale();
  const id = idOf(item);
  const { label, help, required } = "field" in item ? item : item.question;
  const name = "field" in item ? personField(item.field).label[locale] : wordsIn(label, locale) || item.question.key;
  const isFree = !("field" in item) || freeFields.includes(item.field);
  return (
    <fieldset className="grid gap-3 rounded-md border border-line p-3 sm:p-4">
      <legend className="flex flex-wrap gap-2 px-1 font-medium">
        {name}
        {"field" in item ? null : <Badge tone="plain">{m.kinds[item.question.kind]}</Badge>}
      </legend>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-2">
        <div className="w-24">
          <Field
            label={m.place(name)}
            name={inputOf("place", id)}
            defaultValue={inputs.text(inputOf("place", id), String(place))}
            inputMode="numeric"
            autoComplete="off"
          />
        </div>
        {"field" in item && isFree ? (
          <CheckboxField
            label={m.ask(name)}
            name={inputOf("ask", id)}
            defaultChecked={inputs.ticked(inputOf("ask", id), isAsked)}
          />
        ) : null}
        {isFree && !("question" in item && item.question.kind === "hidden") ? (
          <CheckboxField
            label={m.required(name)}
            name={inputOf("required", id)}
            defaultChecked={inputs.ticked(inputOf("required", id), required)}
          />
        ) : null}
        {"question" in item ? (
          <CheckboxField
            label={m.drop(name)}
            note={m.dropHint}
            name={inputOf("drop", id)}
            defaultChecked={inputs.ticked(inputOf("drop", id), false)}
          />
        ) : null}
      </div>
      <WordsFields name={inputOf("label", id)} label={m.label} words={label} inputs={inputs} />
      <WordsFields name={inputOf("help", id)} label={m.help} words={help} inputs={inputs} />
      {"question" in item ? <KindFields id={id} question={item.question} inputs={inputs} /> : null}
    </fieldset>
  );
}

/** What only some kinds of questions have. Without a kind: of a new question, which may be of any. */
export function KindFields({ id, question, inputs }: { id: string; question?: Question; inputs: Inputs }) {
  const m = useTexts(formsTexts);
  const kind = question?.kind;
  const [options, parameter] = [inputOf("options", id), inputOf("parameter", id)];
  return (
    <>
      {!kind || kind === "choice" || kind === "choices" ? (
        <TextArea
          label={m.options}
          hint={m.optionsHint}
          name={options}
          defaultValue={inputs.text(options, question ? optionLines(question.options) : "")}
          said={inputs.said(options)}
          rows={4}
        />
      ) : null}
      {!kind || kind === "hidden" ? (
        <Field
          label={m.parameter}
          name={parameter}
          defaultValue={inputs.text(parameter, question?.parameter ?? "")}
          said={inputs.said(parameter)}
          autoComplete="off"
        />
      ) : null}
    </>
  );
}
