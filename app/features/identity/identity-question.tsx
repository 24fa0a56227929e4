import { AskFirst } from "~/components/ui/ask-first";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DataList } from "~/components/ui/data-list";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { isFinal } from "~/features/identity/final-answers";
import { identityTexts } from "~/features/identity/texts";
import { useTexts } from "~/i18n/locale";
import type { IdentityView } from "~server/identity/view";

const decides = (answer: string) =>
  ({
    type: "submit",
    name: "answer",
    value: answer,
    look: "secondary",
    "aria-describedby": `answer-${answer}`,
  }) as const;

/** What was noticed, and the answers with what each of them does. */
export function IdentityQuestion({ question }: { question: NonNullable<IdentityView["question"]> }) {
  const m = useTexts(identityTexts);
  const { kind, change, host, sample, askedAt } = question;
  const answers: [string, { label: string; text: string }][] = Object.entries(m.answers[kind]);
  return (
    <section data-identity-question={kind} className="grid gap-4">
      <h2 className="text-lg font-semibold">{m.asks[kind]}</h2>
      <p className="max-w-text">{m.stands[kind]}</p>
      <Card className="px-4 py-4.5 sm:px-8">
        <DataList
          rows={[
            { name: m.why, value: m.change[change] },
            { name: m.host, value: host || "–" },
            { name: m.sample, value: m.counts(sample) },
            { name: m.since, value: <DateTime value={askedAt} exact /> },
          ]}
        />
      </Card>
      <Card className="p-4 sm:p-8">
        <PostForm className="grid gap-6">
          {answers.map(([answer, { label, text }]) => (
            <div key={answer} className="grid justify-items-start gap-2">
              {isFinal(answer) ? (
                <AskFirst label={label}>
                  <div className="grid justify-items-start gap-3">
                    <p>{m.final.ask}</p>
                    <Button {...decides(answer)}>{m.final[answer]}</Button>
                  </div>
                </AskFirst>
              ) : (
                <Button {...decides(answer)}>{label}</Button>
              )}
              <p id={`answer-${answer}`} className="max-w-text text-sm text-ink-soft">
                {text}
              </p>
            </div>
          ))}
        </PostForm>
      </Card>
    </section>
  );
}
