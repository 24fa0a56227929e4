import { Badge, type BadgeTone } from "~/components/ui/badge";
import { accountTexts } from "~/features/account/texts";
import { useTexts } from "~/i18n/locale";
import type { UserView } from "~server/users/users";

const tones: Record<UserView["crmState"], BadgeTone> = { pending: "wait", synced: "good", failed: "bad" };

/** The state of the registration, in words for the person. A change is announced to screen readers. */
export function CrmState({ state, holds }: { state: UserView["crmState"]; holds: UserView["holds"] }) {
  const m = useTexts(accountTexts).crm;
  // A hold that the person can lift is shown first.
  const hold = (["email", "consent", "review"] as const).find((each) => holds.includes(each));
  const { label, text } = state === "pending" && hold ? m.held[hold] : m[state];
  return (
    <div role="status" data-crm-state={state} className="grid justify-items-start gap-2">
      <Badge tone={tones[state]}>{label}</Badge>
      <p className="max-w-text text-ink-soft">{text}</p>
    </div>
  );
}
