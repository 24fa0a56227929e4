import "~/page/arrival";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Page, PageHeader } from "~/components/ui/page";
import { TextLink } from "~/components/ui/text-link";
import { Operator } from "~/features/privacy/operator";
import { receivers } from "~/features/privacy/receivers";
import { privacyTexts } from "~/features/privacy/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { personFieldNames } from "~server/person/fields";
import { personHeader } from "~server/person/header";
import { privacySettings } from "~server/privacy/settings";

export const loader = ({ context }: LoaderFunctionArgs) => privacySettings(context.services);

export const meta = pageMeta(privacyTexts, (m) => ({ title: m.title, description: m.description }));

/** Says what is kept where and for how long, from the settings by which it is kept. */
export default function Privacy() {
  const m = useTexts(privacyTexts);
  const locale = useLocale();
  const settings = useLoaderData<typeof loader>();
  const { operator, policy, eraseMode, sendsToPrograms, days } = settings;
  const fields = personFieldNames.map((name) => personHeader(name)[locale].toLowerCase()).join(", ");
  return (
    <Page width="text">
      <PageHeader title={m.title} lead={m.description} />
      <section className="grid gap-2">
        <h2 className="text-lg font-semibold">{m.operator}</h2>
        <Operator operator={operator} />
        {policy ? (
          <p>
            <TextLink to={policy}>{m.policy}</TextLink>
          </p>
        ) : null}
      </section>
      <Points
        title={m.what.title}
        points={[
          m.what.fields(fields),
          m.what.password,
          m.what.factor,
          m.what.origin,
          m.what.payment,
          m.what.consent,
          m.what.signIns,
        ]}
      />
      <Points title={m.where.title} points={receivers(m.where, settings)} />
      <Points
        title={m.long.title}
        points={[
          m.long.account,
          days.withdrawn > 0 && m.long.withdrawn(days.withdrawn),
          days.unconfirmed > 0 && m.long.unconfirmed(days.unconfirmed),
          days.unpaid > 0 && m.long.unpaid(days.unpaid),
          m.long.sessions,
          days.log > 0 ? m.long.log(days.log) : m.long.logForever,
          days.audit > 0 ? m.long.audit(days.audit) : m.long.auditForever,
          sendsToPrograms && m.long.programs,
          m.long.payments,
          m.long.backups,
        ]}
      />
      <Points title={m.erase.title} points={[m.erase.site, m.erase.modes[eraseMode]]} />
      <Points title={m.cookies.title} points={[m.cookies.text]} />
      <section className="grid gap-2">
        <h2 className="text-lg font-semibold">{m.rights.title}</h2>
        <p>
          {m.rights.text} <TextLink to="/account/data">{m.rights.link}</TextLink>
        </p>
      </section>
    </Page>
  );
}

function Points({ title, points }: { title: string; points: (string | false)[] }) {
  return (
    <section className="grid gap-2">
      <h2 className="text-lg font-semibold">{title}</h2>
      <ul className="grid list-disc gap-1.5 pl-5">
        {points.map((point) => (point ? <li key={point}>{point}</li> : null))}
      </ul>
    </section>
  );
}
