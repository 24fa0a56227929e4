import { Form, type FormProps, useActionData } from "@remix-run/react";
import { type Ref, useId } from "react";
import { Alert } from "~/components/ui/alert";
import { useLastAnswer } from "~/hooks/use-last-answer";
import { useSingleSubmit } from "~/hooks/use-single-submit";
import { problemText } from "~/i18n/errors";
import { useLocale } from "~/i18n/locale";
import { isLost } from "~/page/lost-answer";

/**
 * The last submitted form of the page, which a lost answer belongs to. Browser only: without scripts no answer is lost.
 */
let lastSent = "";

interface Props extends Omit<FormProps, "method"> {
  formRef?: Ref<HTMLFormElement>;
}

/**
 * A form that changes something. It is submitted once, however often its button is pressed. If the answer is lost it
 * keeps the input and says so; the route must export `keepPage` as its clientAction.
 */
export function PostForm({ onSubmit, formRef, children, ...form }: Props) {
  const id = useId();
  const locale = useLocale();
  const single = useSingleSubmit();
  const answer = useLastAnswer(useActionData());
  return (
    <Form
      method="post"
      {...form}
      ref={formRef ?? null}
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
