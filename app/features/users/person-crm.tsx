import { CorrectionState } from "~/features/privacy/correction-state";
import { CrmHold } from "~/features/queue/crm-hold";
import { CrmProgress } from "~/features/queue/crm-progress";
import type { PersonPage } from "~/features/users/person-page.server";
import { Section } from "~/features/users/person-section";
import { adminUserTexts } from "~/features/users/person-texts";
import { isHeld } from "~/features/users/state-wait";
import { useTexts } from "~/i18n/locale";

/** Where a person stands in the CRM: the state and what to do about it, and the person's records there. */
export function PersonCrm({ user, progress, correction, links }: PersonPage) {
  const m = useTexts(adminUserTexts);
  const records = [
    { kind: "contact", id: user.bitrix24ContactId, link: links.contact },
    { kind: "deal", id: user.bitrix24DealId, link: links.deal },
  ] as const;
  return (
    <Section title={m.crm.title}>
      {!user.isRegistration ? (
        <p>{m.crm.notRegistered}</p>
      ) : isHeld(user) ? (
        <CrmHold holds={user.holds} />
      ) : (
        <CrmProgress state={user.crmState} progress={progress} />
      )}
      <p className="flex flex-wrap gap-x-4 gap-y-1 empty:hidden">
        {records.map(({ kind, id, link }) =>
          id === null || link === null ? null : (
            <a key={kind} href={link} rel="noreferrer" className="text-accent underline underline-offset-4">
              {m.crm.open[kind](id)}
            </a>
          ),
        )}
      </p>
      <CorrectionState correction={correction} />
    </Section>
  );
}
