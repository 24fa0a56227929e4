import { Badge } from "~/components/ui/badge";
import { TextLink } from "~/components/ui/text-link";
import { adminUserTexts } from "~/features/users/person-texts";
import { useTexts } from "~/i18n/locale";
import type { UserView } from "~server/users/users";

/** Why a registration is not sent, for an administrator. No button sends it: each hold ends in a way of its own. */
export function CrmHold({ holds }: { holds: UserView["holds"] }) {
  const m = useTexts(adminUserTexts).crm;
  return (
    <div role="status" data-crm-state="pending" className="grid justify-items-start gap-2">
      <Badge tone="wait">{m.held}</Badge>
      {holds.map((hold) => (
        <p key={hold}>
          {m.holds[hold] ?? hold} {hold === "review" ? <TextLink to="/admin/review">{m.review}</TextLink> : null}
        </p>
      ))}
    </div>
  );
}
