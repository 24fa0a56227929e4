import { Alert } from "~/components/ui/alert";
import { TextLink } from "~/components/ui/text-link";
import { formsTexts } from "~/features/forms/texts";
import { useTexts } from "~/i18n/locale";
import type { FormSection } from "~server/forms/draft-inputs";
import type { EditorAnswer } from "./editor.server";

type Outcome = EditorAnswer["outcome"] | "undone" | "undoRefused" | "overtaken";

/** What became of the posted section, or of the attempt to undo a change. */
export function FormAlert({
  outcome,
  problems = [],
  section,
}: {
  outcome: Outcome;
  problems?: string[];
  section: FormSection;
}) {
  const m = useTexts(formsTexts);
  const tone =
    outcome === "saved" || outcome === "undone" ? "good" : /^(review|same|arranged)$/.test(outcome) ? "wait" : "bad";
  return (
    <Alert tone={tone}>
      {[m[outcome], ...problems].join(" ")}
      {outcome === "conflict" ? (
        <>
          {" "}
          <TextLink to={`?section=${section}`} reloadDocument>
            {m.asStored}
          </TextLink>
        </>
      ) : null}
    </Alert>
  );
}
