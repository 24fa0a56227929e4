import { CheckboxField } from "~/components/ui/field";
import { SelectField } from "~/components/ui/select-field";
import { KindFields } from "~/features/forms/item-fields";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import { WordsFields } from "~/features/forms/words-fields";
import { useTexts } from "~/i18n/locale";
import { questionKinds } from "~server/forms/definition";
import { inputOf, newQuestion } from "~server/forms/draft-inputs";

const blank = { en: "", ru: "" };

/** A question that is added with the other changes once it has a label. */
export function NewQuestion({ inputs }: { inputs: Inputs }) {
  const m = useTexts(formsTexts);
  const [kind, required] = [inputOf("kind", newQuestion), inputOf("required", newQuestion)];
  return (
    <fieldset className="grid gap-3 rounded-md border border-dashed border-edge p-3 sm:p-4">
      <legend className="px-1 font-medium">{m.newQuestion}</legend>
      <p className="text-sm text-ink-soft">{m.newLead}</p>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-2">
        <div className="w-60 max-w-full">
          <SelectField
            label={m.kind}
            name={kind}
            defaultValue={inputs.text(kind, "text")}
            options={questionKinds.map((value) => ({ value, label: m.kinds[value] }))}
          />
        </div>
        <CheckboxField label={m.newRequired} name={required} defaultChecked={inputs.ticked(required, false)} />
      </div>
      <WordsFields name={inputOf("label", newQuestion)} label={m.label} words={blank} inputs={inputs} />
      <WordsFields name={inputOf("help", newQuestion)} label={m.help} words={blank} inputs={inputs} />
      <KindFields id={newQuestion} inputs={inputs} />
    </fieldset>
  );
}
