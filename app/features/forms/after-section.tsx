import { Field } from "~/components/ui/field";
import { SelectField } from "~/components/ui/select-field";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import { WordsFields } from "~/features/forms/words-fields";
import { useTexts } from "~/i18n/locale";
import type { FormDefinition } from "~server/forms/definition";

const blank = { en: "", ru: "" };

/** What a person sees after the registration. */
export function AfterSection({ after, inputs }: { after: FormDefinition["after"]; inputs: Inputs }) {
  const m = useTexts(formsTexts);
  return (
    <>
      <SelectField
        label={m.afterKind}
        name="after.kind"
        defaultValue={inputs.text("after.kind", after.kind)}
        said={inputs.said("after.kind")}
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
    </>
  );
}
