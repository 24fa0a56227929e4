import { Badge } from "~/components/ui/badge";
import { CheckboxField, Field } from "~/components/ui/field";
import { TextArea } from "~/components/ui/text-area";
import { itemAnchor, MoveButtons } from "~/features/forms/arrange-buttons";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import { WordsFields } from "~/features/forms/words-fields";
import { useLocale, useTexts } from "~/i18n/locale";
import { type FormItem, freeFields, type Question } from "~server/forms/definition";
import { idOf, inputOf } from "~server/forms/draft-inputs";
import { optionLines } from "~server/forms/option-lines";
import { wordsIn } from "~server/forms/questions";
import { personField } from "~server/person/fields";

/** One item of the form: its place, its words, and whether it is asked or removed. */
export function ItemFields({
  item,
  place,
  isLast,
  isAsked,
  inputs,
}: {
  item: FormItem;
  place: number;
  isLast: boolean;
  isAsked: boolean;
  inputs: Inputs;
}) {
  const m = useTexts(formsTexts);
  const locale = useLocale();
  const id = idOf(item);
  const { label, help, required } = "field" in item ? item : item.question;
  const name = "field" in item ? personField(item.field).label[locale] : wordsIn(label, locale) || item.question.key;
  const isFree = !("field" in item) || freeFields.includes(item.field);
  const words = <WordsFields name={inputOf("label", id)} label={m.label} words={label} inputs={inputs} />;
  const helpWords = <WordsFields name={inputOf("help", id)} label={m.help} words={help} inputs={inputs} />;
  return (
    <fieldset id={itemAnchor(id)} className="grid scroll-mt-4 gap-3 rounded-md border border-line p-3 sm:p-4">
      <legend className="flex flex-wrap gap-2 px-1 font-medium">
        {name}
        {"field" in item ? null : <Badge tone="plain">{m.kinds[item.question.kind]}</Badge>}
      </legend>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-2">
        <PlaceField id={id} name={name} place={place} isLast={isLast} inputs={inputs} />
        {"field" in item && isFree ? (
          <CheckboxField
            label={m.ask(name)}
            name={inputOf("ask", id)}
            defaultChecked={inputs.ticked(inputOf("ask", id), isAsked)}
            said={inputs.said(inputOf("ask", id))}
          />
        ) : null}
        {isFree && !("question" in item && item.question.kind === "hidden") ? (
          <CheckboxField
            label={m.required(name)}
            name={inputOf("required", id)}
            defaultChecked={inputs.ticked(inputOf("required", id), required)}
            said={inputs.said(inputOf("required", id))}
          />
        ) : null}
      </div>
      {"field" in item ? (
        <details open={hasWords(item) || hasProblem(inputs, id)}>
          <summary className={summaryLook}>{m.otherWords}</summary>
          <div className="mt-3 grid gap-3">
            {words}
            {helpWords}
          </div>
        </details>
      ) : (
        <>
          {words}
          <KindFields id={id} question={item.question} inputs={inputs} />
          {helpWords}
          <CheckboxField
            label={m.drop(name)}
            name={inputOf("drop", id)}
            defaultChecked={inputs.ticked(inputOf("drop", id), false)}
          >
            <p className="text-xs text-ink-soft">{m.dropHint}</p>
          </CheckboxField>
        </>
      )}
    </fieldset>
  );
}

const summaryLook = "w-fit cursor-pointer text-sm text-accent underline decoration-1 underline-offset-4";

const hasWords = ({ label, help }: Pick<Question, "label" | "help">): boolean =>
  [label.en, label.ru, help.en, help.ru].some(Boolean);

/** What was refused, or typed, must be seen. */
const hasProblem = ({ said, typed }: Inputs, id: string): boolean =>
  (["en", "ru"] as const).some((language) =>
    (["label", "help"] as const).some((part) => {
      const name = inputOf(part, id, language);
      return said(name) !== undefined || Boolean(typed?.[name]);
    }),
  );

/** The number that says the place, and the buttons that change it by one. */
export function PlaceField({
  id,
  name,
  place,
  isLast,
  inputs,
}: {
  id: string;
  name: string;
  place: number;
  isLast: boolean;
  inputs: Inputs;
}) {
  const m = useTexts(formsTexts);
  return (
    <div className="flex items-end gap-2">
      <div className="w-20">
        <Field
          label={m.place}
          aria-label={m.placeOf(name)}
          name={inputOf("place", id)}
          defaultValue={inputs.text(inputOf("place", id), String(place))}
          inputMode="decimal"
          autoComplete="off"
        />
      </div>
      <MoveButtons id={id} name={name} place={place} isLast={isLast} />
    </div>
  );
}

/** What only some kinds of questions have. Without a kind: of a new question, which may be of any. */
export function KindFields({ id, question, inputs }: { id: string; question?: Question; inputs: Inputs }) {
  const m = useTexts(formsTexts);
  const kind = question?.kind;
  const [options, parameter] = [inputOf("options", id), inputOf("parameter", id)];
  // Of a new question only what its kind has, where the browser can tell without a script.
  const only = (value: "choice" | "hidden") => (kind ? "" : shownForKind[value]);
  return (
    <>
      {!kind || kind === "choice" || kind === "choices" ? (
        <div className={only("choice")}>
          <TextArea
            label={m.options}
            hint={m.optionsHint}
            name={options}
            defaultValue={inputs.text(options, question ? optionLines(question.options) : "")}
            said={inputs.said(options)}
            rows={4}
          />
        </div>
      ) : null}
      {!kind || kind === "hidden" ? (
        <div className={only("hidden")}>
          <Field
            label={m.parameter}
            name={parameter}
            defaultValue={inputs.text(parameter, question?.parameter ?? "")}
            said={inputs.said(parameter)}
            autoComplete="off"
          />
        </div>
      ) : null}
    </>
  );
}

const shownForKind = {
  choice: "group-not-has-[option[value^=choice]:checked]/new:hidden",
  hidden: "group-not-has-[option[value=hidden]:checked]/new:hidden",
};
