import { Button } from "~/components/ui/button";
import { CheckboxField } from "~/components/ui/field";
import { SelectField } from "~/components/ui/select-field";
import { itemAnchor, useArrange } from "~/features/forms/arrange-buttons";
import { KindFields, PlaceField } from "~/features/forms/item-fields";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import { WordsFields } from "~/features/forms/words-fields";
import { useTexts } from "~/i18n/locale";
import { questionKinds } from "~server/forms/definition";
import { inputOf } from "~server/forms/draft-inputs";

const blank = { en: "", ru: "" };

/** A question that is added with the other changes once it has a label. */
export function NewQuestion({
  id,
  number,
  place,
  isLast,
  inputs,
}: {
  id: string;
  /** Among the new ones. */
  number: number;
  place: number;
  isLast: boolean;
  inputs: Inputs;
}) {
  const m = useTexts(formsTexts);
  const [kind, required] = [inputOf("kind", id), inputOf("required", id)];
  const less = useArrange(`less.${id}`);
  const name = m.newQuestion(number);
  return (
    <fieldset
      id={itemAnchor(id)}
      data-new={id}
      className="group/new grid scroll-mt-4 gap-3 rounded-md border border-dashed border-edge p-3 sm:p-4"
    >
      <legend className="px-1 font-medium">{name}</legend>
      <p className="text-sm text-ink-soft">{m.newLead}</p>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-2">
        <PlaceField id={id} name={name} place={place} isLast={isLast} inputs={inputs} />
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
      <WordsFields name={inputOf("label", id)} label={m.label} words={blank} inputs={inputs} />
      <KindFields id={id} inputs={inputs} />
      <WordsFields name={inputOf("help", id)} label={m.help} words={blank} inputs={inputs} />
      <p>
        <Button {...less} look="quiet" size="sm" aria-label={m.giveUpOf(name)}>
          {m.giveUp}
        </Button>
      </p>
    </fieldset>
  );
}
