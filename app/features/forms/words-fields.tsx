import { TextArea } from "~/components/ui/text-area";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import { useTexts } from "~/i18n/locale";
import type { FormWords } from "~server/forms/definition";

/** A text in both languages, side by side where there is room. */
export function WordsFields({
  name,
  label,
  words,
  inputs,
  hint,
}: {
  name: string;
  label: string;
  words: FormWords;
  inputs: Inputs;
  hint?: string;
}) {
  const m = useTexts(formsTexts);
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {(["ru", "en"] as const).map((language) => (
        <TextArea
          key={language}
          label={`${label}, ${m.language[language]}`}
          name={`${name}.${language}`}
          defaultValue={inputs.text(`${name}.${language}`, words[language])}
          said={inputs.said(`${name}.${language}`)}
          hint={hint}
          rows={1}
        />
      ))}
    </div>
  );
}
