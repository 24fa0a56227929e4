import { Alert } from "~/components/ui/alert";
import { formsTexts } from "~/features/forms/texts";
import { useTexts } from "~/i18n/locale";
import type { EditorAnswer } from "./editor.server";

/** What became of the posted form, or of the attempt to undo a change. */
export function FormAlert({
  outcome,
  problems = [],
}: {
  outcome: EditorAnswer["outcome"] | "undone" | "undoRefused";
  problems?: string[];
}) {
  const m = useTexts(formsTexts);
  const tone = outcome === "saved" || outcome === "undone" ? "good" : /^(review|same)$/.test(outcome) ? "wait" : "bad";
  return <Alert tone={tone}>{[m[outcome], ...problems].join(" ")}</Alert>;
}
