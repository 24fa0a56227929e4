import { Form, type FormProps, useActionData } from "@remix-run/react";
import { useId } from "react";
import { Alert } from "~/components/ui/alert";
import { useSingleSubmit } from "~/hooks/use-single-submit";
import { problemText } from "~/i18n/errors";
import { useLocale } from "~/i18n/locale";
import { isLost } from "~/page/lost-answer";

/** Of several forms on a page the one that a lost answer belongs to. In the browser only: a page without scripts loses none. */
let lastSent = "";

/**
 * A form that changes something. It is sent once, however often its button is pressed, and where the answer is lost it
 * keeps what was typed and says so; the page's route exports `keepPage` as its clientAction.
 */
export function PostForm({ onSubmit, children, ...form }: Omit<FormProps, "method">) {
  const id = useId();
  const locale = useLocale();
  const single = useSingleSubmit();
  const answer = useActionData();
  return (
    <Form
      method="post"
      {...form}
      onSubmit={(event) => {
        onSubmit?.(event);
        if (single(event)) lastSent = id;
      }}
    >
      {children}
      {isLost(answer) && lastSent === id ? <Alert tone="bad">{problemText(locale, "lost")}</Alert> : null}
    </Form>
  );
}
