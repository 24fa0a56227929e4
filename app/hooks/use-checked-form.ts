import { useActionData } from "@remix-run/react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { isLost } from "~/page/lost-answer";
import type { FormReply } from "~server/registration/sent-form";

type FormProblems = Pick<FormReply, "form" | "fields">;

const none: FormProblems = { form: [], fields: {} };

/**
 * A form that the browser checks before it is sent; without scripts it is a plain form and `answered` is all it shows.
 * A field is checked when the form is sent, and from then on as it is typed: a message that appeared when a field is
 * left would move the button away from under the pointer.
 *
 * @param answered the server's objections to the last attempt
 * @param check the browser's objections, by field
 */
export function useCheckedForm(
  answered: FormProblems | undefined,
  check: (form: FormData) => Record<string, string[]>,
) {
  const ref = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState(answered ?? none);
  const [seen, setSeen] = useState(answered);
  // While rendering, so that the new answer is never shown with the old problems.
  if (answered !== seen) {
    setSeen(answered);
    setProblems(answered ?? none);
  }
  // Each refusal, by the server or the browser, leads to the first field that it is about, or else to its message: as
  // page/arrival.ts does it on other pages. Who typed on while the answer was on its way keeps the field.
  const [refusals, setRefusals] = useState(0);
  const isTypedOn = useRef(false);
  const sent = useActionData();
  useEffect(() => {
    if ((!answered && !isLost(sent) && refusals === 0) || isTypedOn.current) return;
    const form = ref.current;
    const wrong = form?.querySelector<HTMLElement>("[aria-invalid=true]");
    (wrong ?? form?.querySelector<HTMLElement>("[role=alert]"))?.focus();
  }, [answered, sent, refusals]);

  return {
    problems,
    props: {
      formRef: ref,
      noValidate: true,
      onSubmit: (event: FormEvent<HTMLFormElement>) => {
        isTypedOn.current = false;
        const fields = check(new FormData(event.currentTarget));
        setProblems({ form: [], fields });
        if (Object.keys(fields).length === 0) return;
        event.preventDefault();
        setRefusals((count) => count + 1);
      },
      onInput: (event: FormEvent<HTMLFormElement>) => {
        isTypedOn.current = true;
        const { name } = event.target as HTMLInputElement;
        if (refusals === 0 && !answered) return;
        const found = check(new FormData(event.currentTarget))[name];
        setProblems(({ form, fields: { [name]: _, ...others } }) => ({
          form,
          fields: found ? { ...others, [name]: found } : others,
        }));
      },
    },
  };
}
