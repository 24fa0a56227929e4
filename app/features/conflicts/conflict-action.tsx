import type { Form } from "@remix-run/react";
import { useId } from "react";
import { AskFirst } from "~/components/ui/ask-first";
import { Button, ButtonLink } from "~/components/ui/button";
import { denseButton } from "~/components/ui/dense-list";
import { Spinner } from "~/components/ui/spinner";
import { actionWords, conflictKindTexts } from "~/features/conflicts/kind-texts";
import { useTexts } from "~/i18n/locale";
import type { ConflictView } from "~server/conflicts/list";
import type { ConflictAction } from "~server/conflicts/resolve";
import { ShownFields } from "./shown-fields";

/** How a decision is submitted: by the page's own form, or by a fetcher. */
export interface Decider {
  form: typeof Form;
  /** The form's action. */
  action: string;
  /** The submission in flight. */
  sent: FormData | undefined;
}

interface ChoiceProps {
  conflict: ConflictView;
  action: ConflictAction;
  decider: Decider;
  isUsual: boolean;
}

/** A button and its effect beside it; where there is room, in the columns of the list of decisions. */
const line =
  "flex flex-wrap items-center gap-x-4 gap-y-2 lg:col-span-2 lg:grid lg:grid-cols-subgrid lg:items-baseline lg:justify-items-start";
const explained = "min-w-0 flex-1 basis-72 text-sm text-ink-soft lg:text-xs lg:leading-5";

/**
 * One possible decision and its effect. One that deletes or overwrites something asks first.
 */
export function ConflictChoice(props: ChoiceProps) {
  const { conflict, action } = props;
  const words = actionWords(useTexts(conflictKindTexts), conflict.kind, action);
  // The options are read from the portal, so they have a page of their own.
  if (action === "choose")
    return <ChoicePage conflict={conflict} label={words.label} text={"text" in words ? words.text : ""} />;
  if (!("ask" in words)) return <Decision {...props} label={words.label} text={words.text} />;
  return (
    <AskFirst label={words.label} size="sm" summaryClass={denseButton} className="lg:col-span-2">
      <Decision {...props} label={words.confirm(conflict.record.id)} text={words.ask(conflict.record.id)} asks />
    </AskFirst>
  );
}

function ChoicePage({ conflict, label, text }: { conflict: ConflictView; label: string; text: string }) {
  const id = useId();
  return (
    <div className={line}>
      <p>
        <ButtonLink
          to={`/admin/conflicts/${conflict.id}`}
          look="secondary"
          size="sm"
          className={denseButton}
          aria-describedby={id}
        >
          {label}
        </ButtonLink>
      </p>
      <p id={id} className={explained}>
        {text}
      </p>
    </div>
  );
}

interface DecisionProps extends ChoiceProps {
  label: string;
  text: string;
  /** The text is a question that comes before the button. */
  asks?: boolean;
}

function Decision({ conflict, action, decider, isUsual, label, text, asks = false }: DecisionProps) {
  const id = useId();
  const { form: DecisionForm, sent } = decider;
  const isBusy = sent?.get("conflict") === String(conflict.id);
  const explanation = (
    <p id={id} className={asks ? "min-w-0 basis-full text-sm" : explained}>
      {text}
    </p>
  );
  return (
    <DecisionForm
      method="post"
      action={decider.action}
      className={asks ? "flex flex-wrap items-center gap-x-4 gap-y-2" : line}
      onSubmit={(event) => {
        if (isBusy) event.preventDefault();
      }}
    >
      <ShownFields conflict={conflict} />
      {asks ? explanation : null}
      <Button
        type="submit"
        name="action"
        value={action}
        look={isUsual ? "primary" : "secondary"}
        size="sm"
        className={denseButton}
        aria-disabled={isBusy}
        aria-describedby={id}
      >
        {isBusy && sent.get("action") === action ? <Spinner /> : label}
      </Button>
      {asks ? null : explanation}
    </DecisionForm>
  );
}
