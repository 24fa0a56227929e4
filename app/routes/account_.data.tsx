import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Page, PageHeader } from "~/components/ui/page";
import { PasswordField } from "~/components/ui/password-field";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { AsPerson, PersonForms } from "~/features/account/as-person";
import { type ConsentGroup, nameOf, Wording } from "~/features/account/consent-list";
import { actOnOwnData, type DataAnswer } from "~/features/account/data-actions.server";
import { BeyondShare, DataSection, PasswordWait } from "~/features/account/data-forms";
import { dataTexts } from "~/features/account/data-texts";
import { RightsSections } from "~/features/account/rights-sections";
import { accountTexts } from "~/features/account/texts";
import { UserInfo } from "~/features/users/user-info";
import { useAnswer } from "~/hooks/use-answer";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requirePageUser } from "~/page/session.server";
import { asksForConfirmation } from "~server/confirmation/confirmation";
import { processingKind } from "~server/consents/kinds";
import { asksIn } from "~server/consents/shown";
import { requestLocale } from "~server/http/request-locale";
import { readRights } from "~server/privacy/rights";

export async function loader(args: LoaderFunctionArgs) {
  const actor = await requirePageUser(args);
  const { services } = args.context;
  const { user, consents, correction } = await readRights(services, actor.id);
  if (!user) throw data(null, { status: 404 });
  return {
    user,
    consents,
    asked: asksIn(services.consents, requestLocale(args.request)),
    // No more of it: whether a contact was there before would tell whose phone that is.
    correcting: correction?.state === "pending" ? (correction.waitsFor ?? ("pending" as const)) : null,
    isAdmin: actor.role === "ADMIN",
    asksForConfirmation: asksForConfirmation(services.env),
    eraseMode: services.env.ERASE_IN_CRM,
    withdrawnDays: services.env.RETAIN_WITHDRAWN_DAYS,
  };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageUser(args);
  return actOnOwnData(args, actor);
}

export { actionHeaders as headers } from "~/page/action-headers";
export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(dataTexts, (m) => ({ title: m.title, description: m.description }));

export default function AccountData() {
  const m = useTexts(dataTexts);
  const account = useTexts(accountTexts);
  const { user, consents, asked, correcting, isAdmin, asksForConfirmation, eraseMode, withdrawnDays } =
    useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>() as DataAnswer | undefined;
  return (
    <Page width="text">
      <div className="grid gap-2">
        <p className="text-sm">
          <TextLink to="/account">{m.back}</TextLink>
        </p>
        <PageHeader title={m.title} lead={m.lead} />
      </div>
      <DataSection id="details" title={account.details}>
        <UserInfo user={user} asksForConfirmation={asksForConfirmation} />
      </DataSection>
      <PersonForms value={user.id}>
        <RightsSections
          user={user}
          consents={consents}
          answer={answer}
          copy={{ ...m.download, label: m.download.submit, href: "/account/data.json" }}
          correction={
            correcting ? (
              <p data-correcting={correcting} className="text-ink-soft">
                {m.details.inCrm[correcting]}
              </p>
            ) : null
          }
          isOwn
          consent={{
            title: m.consent.title,
            before: <ConsentOutcome answer={answer} />,
            asked,
            act: (group) =>
              group.key === processingKind ? (
                <ConsentForm group={group} withdrawnDays={withdrawnDays} isAdmin={isAdmin} />
              ) : (
                <FurtherConsentForm group={group} />
              ),
          }}
          erase={{
            title: m.erase.title,
            content: (
              <>
                <p>{m.erase.text}</p>
                <p>{m.erase.modes[eraseMode]}</p>
                {isAdmin ? <p>{m.erase.admin}</p> : <EraseForm answer={answer} />}
              </>
            ),
          }}
        />
      </PersonForms>
    </Page>
  );
}

function ConsentOutcome({ answer }: { answer: DataAnswer | undefined }) {
  const m = useTexts(dataTexts).consent;
  if (answer?.intent !== "withdraw" && answer?.intent !== "give") return null;
  if (answer.problems.share) return <BeyondShare answer={answer} />;
  if (answer.problems.consent) return <Alert tone="bad">{m.replaced}</Alert>;
  if (answer.intent === "withdraw") return <Alert tone="wait">{m.withdrawn}</Alert>;
  return <Alert tone="good">{m.givenAgain}</Alert>;
}

function ConsentForm({
  group,
  withdrawnDays,
  isAdmin,
}: {
  group: ConsentGroup;
  withdrawnDays: number;
  isAdmin: boolean;
}) {
  const { consent: m, erase } = useTexts(dataTexts);
  const after = withdrawnDays > 0 ? m.after(withdrawnDays) : m.afterOff;
  const isWithdrawn = group.given.length > 0 && !group.holds;
  return (
    <>
      <p className="text-ink-soft">
        {m.text} {isAdmin ? erase.admin : after}
      </p>
      <ConsentButton group={group} gives={isWithdrawn} text={isWithdrawn ? m.give : m.withdraw} />
    </>
  );
}

/** Of a consent that holds nothing: it is given and withdrawn as the person likes. */
function FurtherConsentForm({ group }: { group: ConsentGroup }) {
  const m = useTexts(dataTexts).consent;
  if (!group.holds && !group.asked) return null;
  const gives = !group.holds;
  return <ConsentButton group={group} gives={gives} text={gives ? m.giveThis : m.withdrawThis} />;
}

function ConsentButton({ group, gives, text }: { group: ConsentGroup; gives: boolean; text: string }) {
  const m = useTexts(dataTexts).consent;
  const locale = useLocale();
  return (
    <PostForm className="grid gap-3">
      {gives && group.asked ? <Wording title={m.present} text={group.asked.text} /> : null}
      <AsPerson />
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="kind" value={group.key} />
      {gives && group.asked ? <input type="hidden" name="version" value={group.asked.version} /> : null}
      <p>
        <Button type="submit" name="intent" value={gives ? "give" : "withdraw"} look="secondary">
          {text}
          {group.key === processingKind ? null : <span className="sr-only">: {nameOf(group)}</span>}
        </Button>
      </p>
    </PostForm>
  );
}

function EraseForm({ answer }: { answer: DataAnswer | undefined }) {
  const m = useTexts(dataTexts).erase;
  const own = answer?.intent === "erase" ? answer : undefined;
  return (
    <PostForm noValidate className="grid gap-5">
      <AsPerson />
      <PasswordWait answer={own} />
      <PasswordField label={m.password} problems={own?.problems.password} />
      <Button type="submit" name="intent" value="erase" look="secondary">
        {m.submit}
      </Button>
    </PostForm>
  );
}
