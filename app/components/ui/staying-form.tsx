import { Form, type FormProps, useLocation, useSubmit } from "@remix-run/react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Alert } from "~/components/ui/alert";
import { useInFlight } from "~/hooks/use-single-submit";
import { problemText } from "~/i18n/errors";
import { useLocale } from "~/i18n/locale";
import { siteAnswers } from "~/page/site-answers";

interface Props extends Omit<FormProps, "method" | "onSubmit"> {
  action: string;
  children: ReactNode;
}

/**
 * A form that is sent to the address of another page than the one it stands on. Remix shows the other page, or an error
 * page, whatever becomes of it, and what was typed into this page is gone. So it is asked first whether the site answers: if
 * not, this page stays and says so.
 */
export function StayingForm({ children, preventScrollReset = false, ...form }: Props) {
  const locale = useLocale();
  const submit = useSubmit();
  const inFlight = useInFlight();
  const { key } = useLocation();
  // Of another address than this it is no longer news.
  const [lostAt, setLostAt] = useState<string | null>(null);
  const asking = useRef(false);

  async function send(event: FormEvent<HTMLFormElement>) {
    const { submitter } = event.nativeEvent as SubmitEvent;
    const sender = (submitter as HTMLButtonElement | null) ?? event.currentTarget;
    event.preventDefault();
    if (inFlight || asking.current) return;
    asking.current = true;
    const answers = await siteAnswers();
    asking.current = false;
    setLostAt(answers ? null : key);
    if (answers) submit(sender, { preventScrollReset });
  }

  return (
    <Form method="post" {...form} onSubmit={(event) => void send(event)}>
      {children}
      {lostAt === key ? <Alert tone="bad">{problemText(locale, "lost")}</Alert> : null}
    </Form>
  );
}
