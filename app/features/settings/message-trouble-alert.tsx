import { Alert } from "~/components/ui/alert";
import { messageTexts } from "~/features/settings/message-texts";
import { useTexts } from "~/i18n/locale";
import type { MessageTrouble } from "~server/notices/message-trouble";

/** In one sentence what keeps messages to responsible persons back: that which concerns the most of them. */
export function MessageTroubleAlert({ trouble: { waits, receivers, nobody, refused } }: { trouble: MessageTrouble }) {
  const m = useTexts(messageTexts);
  const said =
    waits !== null
      ? waits === "INSUFFICIENT_SCOPE"
        ? m.scope
        : m.waits(waits)
      : receivers.length > 0
        ? m.receivers(receivers.join(", "))
        : nobody
          ? m.nobody
          : m.refused(refused.join(", "));
  return (
    <Alert tone="wait">
      <span data-message-trouble>{said}</span>
    </Alert>
  );
}
