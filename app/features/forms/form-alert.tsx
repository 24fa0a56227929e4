import { Alert } from "~/components/ui/alert";
import { formsTexts } from "~/features/forms/texts";
import { AsStored } from "~/features/settings/as-stored";
import { useUndoneOnPage } from "~/features/toasts/change-toast";
import { useTexts } from "~/i18n/locale";
import type { FormSection } from "~server/forms/draft-inputs";
import type { EditorAnswer } from "./editor.server";
import { useFormToast } from "./form-toast";

type Undone = "undone" | "undoRefused" | "undoTaken" | "overtaken";
type Outcome = EditorAnswer["outcome"] | Undone;

interface Props {
  outcome: Outcome;
  problems: string[];
  section: FormSection;
  isInToast?: boolean;
}

function FormAlert({ outcome, problems, section, isInToast = false }: Props) {
  const m = useTexts(formsTexts);
  const tone =
    outcome === "saved" || outcome === "undone" ? "good" : /^(review|same|arranged)$/.test(outcome) ? "wait" : "bad";
  return (
    <Alert tone={tone} isInToast={isInToast}>
      {[m[outcome], ...problems].join(" ")}
      {outcome === "conflict" ? (
        <>
          {" "}
          <AsStored to={`?section=${section}`} />
        </>
      ) : null}
    </Alert>
  );
}

/** What became of the posted section; a saved one can be undone where this is told. */
export function SectionAlert({
  answer: { outcome, elsewhere, change },
  form,
  section,
}: {
  answer: Pick<EditorAnswer, "outcome" | "elsewhere" | "change">;
  form: number;
  section: FormSection;
}) {
  const isUndone = useFormToast({ form, change });
  const told = isUndone ? "undone" : outcome;
  return <FormAlert outcome={told} problems={elsewhere} section={section} isInToast={change !== null} />;
}

/** What became of the attempt to undo a change. */
export function UndoneAlert({
  undo,
  section,
}: {
  undo: { outcome: Undone; problems: string[]; change: number | null };
  section: FormSection;
}) {
  useUndoneOnPage("form", undo.outcome === "undone" ? undo.change : null);
  return <FormAlert outcome={undo.outcome} problems={undo.problems} section={section} />;
}
