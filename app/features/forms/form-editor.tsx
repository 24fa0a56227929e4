import { AfterSection } from "~/features/forms/after-section";
import { OwnSettings } from "~/features/forms/own-settings";
import { PageSection } from "~/features/forms/page-section";
import { QuestionsSection } from "~/features/forms/questions-section";
import { SectionForm } from "~/features/forms/section-form";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import type { Options } from "~/features/settings/choices.server";
import { useTexts } from "~/i18n/locale";
import type { FormState } from "~server/forms/change";
import { type FormSection, settingsOfSection } from "~server/forms/draft-inputs";

interface Props {
  section: FormSection;
  state: FormState;
  /** The newest change that the page shows. */
  seen: number;
  texts: Record<string, string>;
  options: Options;
  sources: string[];
  inputs: Inputs;
  /** The button that has arranged the questions just now. */
  act?: string | undefined;
  /** The change that the last answer saved. */
  saved: number | null;
  onInput: () => void;
}

/** One section of a form, with what it changes and nothing else. */
export function FormEditor({ section, seen, inputs, act, saved, onInput, ...shown }: Props) {
  const m = useTexts(formsTexts);
  return (
    <SectionForm
      title={m.sections[section]}
      lead={m.sectionLeads[section]}
      seen={seen}
      inputs={inputs}
      act={act}
      saved={saved}
      onInput={onInput}
    >
      <SectionFields section={section} inputs={inputs} {...shown} />
    </SectionForm>
  );
}

function SectionFields({
  section,
  state,
  texts,
  options,
  sources,
  inputs,
}: Omit<Props, "seen" | "act" | "saved" | "onInput">) {
  switch (section) {
    case "questions":
      return <QuestionsSection state={state} inputs={inputs} />;
    case "after":
      return <AfterSection after={state.definition.after} inputs={inputs} />;
    case "page":
      return <PageSection state={state} inputs={inputs} />;
    default:
      return (
        <OwnSettings
          keys={settingsOfSection[section]}
          own={state.definition.settings}
          texts={texts}
          options={options}
          sources={sources}
          inputs={inputs}
        />
      );
  }
}
