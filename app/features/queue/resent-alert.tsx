import { Alert } from "~/components/ui/alert";
import { useTexts } from "~/i18n/locale";
import { queueTexts } from "./texts";

/** How many registrations are sent again: none of those that have arrived meanwhile, or are held. */
export function ResentAlert({ resent }: { resent: number }) {
  const m = useTexts(queueTexts);
  return resent > 0 ? <Alert tone="good">{m.resent(resent)}</Alert> : <Alert tone="wait">{m.notResent}</Alert>;
}
