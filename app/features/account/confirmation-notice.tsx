import { Alert } from "~/components/ui/alert";
import { TextLink } from "~/components/ui/text-link";
import { confirmationTexts } from "~/features/account/confirmation-texts";
import { useTexts } from "~/i18n/locale";

/**
 * Asks the person to confirm the e-mail: `next`, one that is to take the present one's place, else the present one. `held`: the
 * registration is not sent before.
 */
export function ConfirmationNotice({ next, held }: { next: string | null; held: boolean }) {
  const m = useTexts(confirmationTexts);
  return (
    <Alert tone="wait">
      {next !== null ? m.noticeNext(next) : held ? m.noticeHeld : m.notice}{" "}
      <TextLink to="/account/confirm">{m.noticeAction}</TextLink>
    </Alert>
  );
}
