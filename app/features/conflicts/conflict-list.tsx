import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { Badge } from "~/components/ui/badge";
import { DateTime } from "~/components/ui/date-time";
import { ErrorCode } from "~/components/ui/error-code";
import { conflictKindTexts } from "~/features/conflicts/kind-texts";
import { conflictsTexts } from "~/features/conflicts/texts";
import { paymentTexts } from "~/features/payments/texts";
import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import type { ConflictKind } from "~server/conflicts/conflicts";
import type { ConflictView } from "~server/conflicts/list";
import { ConflictChoice, type Decider } from "./conflict-action";

interface Props {
  conflicts: ConflictView[];
  decider: Decider;
  /** The heading level of each conflict. */
  heading: "h2" | "h3";
  /** Whether to show the person. */
  withPerson?: boolean;
}

/** Conflicts, each with both sides and the possible decisions. */
export function ConflictList({ conflicts, ...rest }: Props) {
  const m = useTexts(conflictsTexts);
  return (
    <ul aria-label={m.list} className="divide-y divide-line">
      {conflicts.map((conflict) => (
        <li key={conflict.id} className="py-6 first:pt-0 last:pb-0 lg:py-3">
          <Conflict conflict={conflict} {...rest} />
        </li>
      ))}
    </ul>
  );
}

function Conflict({
  conflict,
  decider,
  heading: Heading,
  withPerson = false,
}: Omit<Props, "conflicts"> & { conflict: ConflictView }) {
  const m = useTexts(conflictsTexts);
  const words = useTexts(conflictKindTexts).kinds[conflict.kind];
  const { none } = useTexts(siteTexts);
  const payment = useTexts(paymentTexts);
  const { person, record, stageId } = conflict;
  const byContact = conflict.kind === "DUPLICATE_CONTACT" || conflict.kind === "DEAL_OTHER_CONTACT";
  const own = byContact ? conflict.contact : conflict.deal;
  const facts = {
    record: record.id,
    kept: own?.id ?? null,
    stage: stageId ?? none,
    sale: conflict.sale,
    stands: conflict.stands,
  };
  return (
    <article data-conflict={conflict.kind} className="grid grid-cols-1 gap-4 lg:gap-2">
      <div className="grid grid-cols-1 gap-1 lg:flex lg:flex-wrap lg:items-baseline lg:justify-between lg:gap-x-4">
        <Heading className="text-lg font-semibold lg:text-base">{words.title}</Heading>
        <p className="text-sm text-ink-soft wrap-anywhere">
          {withPerson ? (
            <>
              <Link
                to={`/admin/users/${person.id}`}
                className="font-medium text-ink underline decoration-line underline-offset-4 hover:decoration-current"
              >
                {person.name}
              </Link>
              <span aria-hidden="true"> · </span>
            </>
          ) : null}
          {m.found} <DateTime value={conflict.foundAt} />
        </p>
      </div>
      <dl className="grid grid-cols-1 gap-px overflow-hidden rounded-md border border-line bg-line sm:grid-cols-2">
        <Side name={m.here}>
          <p>{words.here(facts)}</p>
          <Badge tone={person.isPaid ? "good" : "plain"} look="line">
            {person.isPaid ? payment.paid : payment.unpaid}
          </Badge>
        </Side>
        <Side name={m.there}>
          <p>
            {words.there(facts)} {conflict.code ? <ErrorCode>{conflict.code}</ErrorCode> : null}
          </p>
          <Cards conflict={conflict} />
        </Side>
      </dl>
      {conflict.dismissed ? (
        <p>
          <Badge tone="plain">{m.left}</Badge>
        </p>
      ) : null}
      <ul className="grid gap-3 lg:grid-cols-[fit-content(18rem)_minmax(0,1fr)] lg:gap-x-3 lg:gap-y-1">
        {conflict.actions.map((action, index) => (
          <li key={action} className="lg:col-span-2 lg:grid lg:grid-cols-subgrid">
            <ConflictChoice
              conflict={conflict}
              action={action}
              isUsual={index === 0 && action !== "dismiss"}
              decider={decider}
            />
          </li>
        ))}
      </ul>
    </article>
  );
}

function Side({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid content-start gap-1 bg-surface p-4 lg:gap-0 lg:px-3 lg:py-2 lg:text-sm">
      <dt className="text-sm text-ink-soft lg:text-xs">{name}</dt>
      <dd className="grid justify-items-start gap-2 lg:flex lg:flex-wrap lg:items-baseline lg:gap-x-3 lg:gap-y-0">
        {children}
      </dd>
    </div>
  );
}

/** Links to the records that still exist on the portal. */
const cards: Record<ConflictKind, ("contact" | "deal" | "record")[]> = {
  DEAL_DELETED: ["contact"],
  CONTACT_DELETED: ["deal"],
  DEAL_OTHER_CONTACT: ["contact", "record", "deal"],
  DEAL_LOST: ["record"],
  DEAL_OTHER_FUNNEL: ["record"],
  STAGE_REFUSED: ["record"],
  SALE_CHANGED: ["record"],
  DUPLICATE_DEAL: ["deal", "record"],
  DUPLICATE_CONTACT: ["contact", "record"],
};

function Cards({ conflict }: { conflict: ConflictView }) {
  const m = useTexts(conflictsTexts);
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {cards[conflict.kind].map((name) => {
        const card = conflict[name];
        return card ? (
          <a key={name} href={card.url} rel="noreferrer" className="text-accent underline underline-offset-4">
            {m[card.type](card.id)}
          </a>
        ) : null;
      })}
    </p>
  );
}
