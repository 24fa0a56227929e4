import { Alert } from "~/components/ui/alert";
import { TextLink } from "~/components/ui/text-link";
import { confirmationTexts } from "~/features/account/confirmation-texts";
import { useTexts } from "~/i18n/locale";

/** Asks the person to confirm the e-mail; `held`: the registration is not sent before. */
export function ConfirmationNotice({ held }: { held: boolean }) {
  const m = useTexts(confirmationTexts);
  return (
    <Alert tone="wait">
      {held ? m.noticeHeld : m.notice} <TextLink to="/account/confirm">{m.noticeAction}</TextLink>
    </Alert>
  );
}
