import { Field, FieldGroup, tickLook } from "~/components/ui/field";
import { SelectField } from "~/components/ui/select-field";
import { TextArea } from "~/components/ui/text-area";
import { registerTexts } from "~/features/registration/texts";
import { useTexts } from "~/i18n/locale";
import { answerField } from "~server/forms/questions";
import type { ShownQuestion } from "~server/forms/shown-form";

interface Props {
  question: ShownQuestion;
  /** What was answered before: a text, or a list of what was chosen. */
  given: unknown;
  /** Codes. */
  problems: string[] | undefined;
}

/** More options than this are a list that opens. */
const maxButtons = 5;

/** One of the owner's own questions, in a native control of its kind. */
export function QuestionField({ question, given, problems }: Props) {
  const m = useTexts(registerTexts);
  const { key, kind, label, help, required, options } = question;
  const name = answerField(key);
  const words = {
    label,
    problems,
    hint: help || (kind === "date" ? m.dayExample : undefined),
    note: required ? undefined : m.optional,
  };
  const chosen = Array.isArray(given) ? given : [given];
  const text = typeof given === "string" ? given : undefined;
  switch (kind) {
    case "hidden":
      return <input type="hidden" name={name} value={text ?? ""} />;
    case "long":
      return <TextArea {...words} name={name} defaultValue={text} required={required} rows={4} />;
    case "choices":
    case "choice":
    case "yesno": {
      const several = kind === "choices";
      // A radio button cannot be given up again, so it is only for questions that must be answered.
      if (!several && (!required || options.length > maxButtons))
        return (
          <SelectField
            {...words}
            name={name}
            defaultValue={text}
            required={required}
            options={[{ value: "", label: m.choose }, ...options]}
          />
        );
      return (
        <FieldGroup {...words}>
          {(mark) =>
            options.map((option) => (
              <label key={option.value} className="flex min-h-11 cursor-pointer items-center gap-3 text-sm">
                <input
                  {...mark}
                  type={several ? "checkbox" : "radio"}
                  name={name}
                  value={option.value}
                  defaultChecked={chosen.includes(option.value)}
                  required={required && !several}
                  className={tickLook}
                />
                {option.label}
              </label>
            ))
          }
        </FieldGroup>
      );
    }
    default:
      return (
        <Field
          {...words}
          name={name}
          defaultValue={text}
          required={required}
          // Neither "number" nor "date": browsers keep back what they cannot read, and the visitor's text would be lost.
          type="text"
          inputMode={kind === "number" ? "decimal" : undefined}
        />
      );
  }
}
