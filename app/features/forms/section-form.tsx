import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { PostForm } from "~/components/ui/post-form";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import { seenField } from "~/features/settings/form-fields";
import { settingsTexts } from "~/features/settings/texts";
import { useUnsaved } from "~/hooks/use-unsaved";
import { useTexts } from "~/i18n/locale";
import { actField } from "~server/forms/draft-inputs";

/** The form of a section. Sending it saves nothing yet: the answer shows what would change. */
export function SectionForm({
  title,
  lead,
  seen,
  inputs,
  act,
  saved,
  onInput,
  children,
}: {
  title: string;
  lead: string;
  /** The newest change that the page shows. */
  seen: number;
  inputs: Inputs;
  /** The button that has arranged the questions just now. */
  act?: string | undefined;
  /** The change that the last answer saved. */
  saved: number | null;
  onInput: () => void;
  children: ReactNode;
}) {
  const m = useTexts(formsTexts);
  const form = useRef<HTMLFormElement>(null);
  // The page's data are loaded again while the inputs stay as they were: what was undone or changed meanwhile is not in them.
  const [shown] = useState(seen);
  const known = Math.max(shown, saved ?? 0);
  const { unsaved } = useTexts(settingsTexts);
  const watched = useUnsaved(unsaved, inputs.typed !== null && !inputs.isSaved, onInput);
  // A moved question is rendered again, which loses the focus: it returns to the button that moved the question.
  useEffect(() => {
    if (!act) return;
    const buttons = [...(form.current?.querySelectorAll<HTMLButtonElement>(`button[name=${actField}]`) ?? [])];
    const again = buttons.find(({ value, disabled }) => value === act && !disabled);
    const [verb, id] = act.split(".", 2);
    const sibling = buttons.find(({ value, disabled }) => !disabled && id !== undefined && value.endsWith(`.${id}`));
    const added = form.current?.querySelector<HTMLElement>(
      "fieldset[data-new]:last-of-type input, fieldset[data-new]:last-of-type textarea",
    );
    (verb === "add" ? added : (again ?? sibling ?? buttons.at(-1)))?.focus();
  }, [act]);
  return (
    <Card className="min-w-0 p-5 sm:p-8">
      <PostForm className="grid gap-6" formRef={form} {...watched}>
        {/* The Enter key presses the first button of a form: that must not move a question. */}
        <button type="submit" className="sr-only" tabIndex={-1} aria-hidden="true" />
        <input type="hidden" name={seenField} value={inputs.text(seenField, String(known))} />
        <div className="grid gap-1">
          <h2 className="text-lg font-semibold">{title}</h2>
          <p className="text-sm text-ink-soft">{lead}</p>
        </div>
        {children}
        <p className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button type="submit">{m.check}</Button>
          <span className="text-sm text-ink-soft">{m.checkHint}</span>
        </p>
      </PostForm>
    </Card>
  );
}
