import { useLocation } from "@remix-run/react";
import { useEffect, useState } from "react";

/**
 * The answer of the last form. A page that reloads its data automatically loses useActionData; the message must stay
 * until another form is submitted or another page is opened.
 */
export function useLastAnswer<T>(answer: T | undefined): T | undefined {
  const { key } = useLocation();
  const [last, setLast] = useState<{ key: string; answer: T }>();
  useEffect(() => {
    if (answer !== undefined) setLast({ key, answer });
  }, [key, answer]);
  return answer ?? (last?.key === key ? last.answer : undefined);
}
