import { Button } from "~/components/ui/button";
import { CheckboxField } from "~/components/ui/field";
import { useArrange } from "~/features/forms/arrange-buttons";
import { ItemFields } from "~/features/forms/item-fields";
import { NewQuestion } from "~/features/forms/new-question";
import { formsTexts } from "~/features/forms/texts";
import { type Inputs, inputsOfItem } from "~/features/forms/typed";
import { WordsFields } from "~/features/forms/words-fields";
import { useLocale, useTexts } from "~/i18n/locale";
import type { FormState } from "~server/forms/change";
import { idOf, inputOf, inTypedOrder, newIdsIn, newQuestion, shownItems } from "~server/forms/draft-inputs";
import { wordsIn } from "~server/forms/questions";

/** Heading and questions of a form. As many as wanted are changed, added and moved before anything is saved. */
export function QuestionsSection({ state, inputs }: { state: FormState; inputs: Inputs }) {
  const m = useTexts(formsTexts);
  const locale = useLocale();
  const { definition } = state;
  const added = inputs.typed ? newIdsIn(inputs.typed) : [newQuestion];
  const entries = [
    ...shownItems(state).map((item, index) => ({
      id: idOf(item),
      item,
      isAsked: index < definition.items.length,
    })),
    ...added.map((id) => ({ id, item: null, isAsked: false })),
  ];
  const ordered = inTypedOrder(entries, ({ id }) => id, inputs.typed ?? {});
  const add = useArrange("add");
  return (
    <>
      <WordsFields name="heading" label={m.heading} words={definition.heading} inputs={inputs} hint={m.usual} />
      <WordsFields name="lead" label={m.lead} words={definition.lead} inputs={inputs} hint={m.usual} />
      {ordered.map(({ id, item, isAsked }, index) => {
        const [place, isLast] = [index + 1, index === ordered.length - 1];
        return item ? (
          <ItemFields
            key={id}
            item={item}
            place={place}
            isLast={isLast}
            isAsked={isAsked}
            inputs={inputsOfItem(inputs, id)}
          />
        ) : (
          <NewQuestion key={id} id={id} number={added.indexOf(id) + 1} place={place} isLast={isLast} inputs={inputs} />
        );
      })}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button {...add} look="secondary">
          {m.addAnother}
        </Button>
        <span className="text-sm text-ink-soft">{m.addAnotherHint}</span>
      </p>
      {definition.removed.length > 0 ? (
        <div className="grid gap-1 text-sm">
          <p className="wrap-anywhere text-ink-soft">
            {m.removed}: {definition.removed.map(({ label, key }) => label.en || label.ru || key).join(", ")}
          </p>
          {definition.removed.map(({ label, key }) => (
            <CheckboxField
              key={key}
              label={m.askAgain(wordsIn(label, locale) || key)}
              name={inputOf("back", key)}
              defaultChecked={inputs.ticked(inputOf("back", key), false)}
            />
          ))}
        </div>
      ) : null}
    </>
  );
}
