import { useLocation } from "@remix-run/react";
import { useEffect, useState } from "react";

/**
 * The answer of the last form. A page that reloads its data automatically loses useActionData; the message must stay
 * until another form is submitted or another page is opened.
 */
export const useLastAnswer = <T>(answer: T | undefined): T | undefined => useKept(answer, useLocation().key);

/**
 * Like useLastAnswer, for a secret that is shown once: it also stays when the same address is opened again, as by a change
 * of the language. `of`: whose secret it is; with another value it is gone. Null takes it away.
 */
export const useShownOnce = <T>(answer: T | null | undefined, of = ""): T | null | undefined =>
  useKept(answer, `${useLocation().pathname} ${of}`);

function useKept<T>(answer: T | undefined, at: string): T | undefined {
  const [last, setLast] = useState<{ at: string; answer: T }>();
  useEffect(() => {
    if (answer !== undefined) setLast({ at, answer });
  }, [at, answer]);
  return answer === undefined && last?.at === at ? last.answer : answer;
}
