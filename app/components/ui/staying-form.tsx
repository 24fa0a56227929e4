import { Form, type FormProps, useLocation, useSubmit } from "@remix-run/react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Alert } from "~/components/ui/alert";
import { useInFlight } from "~/hooks/use-single-submit";
import { problemText } from "~/i18n/errors";
import { useLocale } from "~/i18n/locale";
import { siteAnswers } from "~/page/site-answers";

interface Props extends Omit<FormProps, "method" | "onSubmit" | "children"> {
  action: string;
  /** `busy`: its buttons are to be marked as disabled. */
  children: (busy: true | undefined) => ReactNode;
}

/**
 * A form that is sent to the address of another page than the one it stands on. Remix shows the other page, or an error
 * page, whatever becomes of it, and what was typed into this page is gone. So it is asked first whether the site answers: if
 * not, this page stays and says so. A form of the page that is sent meanwhile goes first: it would be cancelled, and its answer
 * (a session) lost.
 */
export function StayingForm({ children, preventScrollReset = false, ...form }: Props) {
  const locale = useLocale();
  const submit = useSubmit();
  const inFlight = useInFlight();
  const latest = useRef(inFlight);
  latest.current = inFlight;
  const { key } = useLocation();
  // The location at which the site did not answer: at another it is no longer news. Or `asking`.
  const [asked, setAsked] = useState<string | null>(null);
  const busy = inFlight || asked === "asking" || undefined;

  async function send(event: FormEvent<HTMLFormElement>) {
    const { submitter } = event.nativeEvent as SubmitEvent;
    const sender = (submitter as HTMLButtonElement | null) ?? event.currentTarget;
    event.preventDefault();
    if (busy) return;
    setAsked("asking");
    const answers = await siteAnswers();
    setAsked(answers ? null : key);
    if (answers && !latest.current) submit(sender, { preventScrollReset });
  }

  return (
    <Form method="post" {...form} onSubmit={(event) => void send(event)}>
      {children(busy)}
      {asked === key ? <Alert tone="bad">{problemText(locale, "away")}</Alert> : null}
    </Form>
  );
}
