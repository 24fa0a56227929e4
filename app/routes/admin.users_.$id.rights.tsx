import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { AskFirst } from "~/components/ui/ask-first";
import { Button } from "~/components/ui/button";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { type ConsentGroup, nameOf } from "~/features/account/consent-list";
import { actOnRights, type DataAnswer } from "~/features/account/data-actions.server";
import { dataTexts } from "~/features/account/data-texts";
import { RightsSections } from "~/features/account/rights-sections";
import { CorrectionState } from "~/features/privacy/correction-state";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { notThere } from "~/features/users/not-there.server";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageId } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { processingKind } from "~server/consents/kinds";
import { asksIn } from "~server/consents/shown";
import { requestLocale } from "~server/http/request-locale";
import { fullName } from "~server/person/full-name";
import { readRights } from "~server/privacy/rights";
import type { UserView } from "~server/users/users";

export async function loader(args: LoaderFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const id = pageId(args.params.id);
  const { user, isAdmin, consents, correction } = await readRights(services, id);
  const asked = asksIn(services.consents, requestLocale(args.request));
  const isEmailShut = isAdmin && id !== actor.id;
  if (user) return { user, consents, asked, correction, isEmailShut };
  throw await notThere(services, id);
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  return actOnRights(args, actor, pageId(args.params.id));
}

export { actionHeaders as headers } from "~/page/action-headers";
export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta: MetaFunction<typeof loader> = (args) =>
  pageMeta(rightsTexts, (m) => ({ title: m.rights.title(Number(args.params.id)) }))(args);

/** What an administrator does for a person who asks for it. */
export default function PersonRights() {
  const texts = useTexts(rightsTexts);
  const m = texts.rights;
  const { admin: eraseAdmin } = useTexts(dataTexts).erase;
  const { user, consents, asked, correction, isEmailShut } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>() as DataAnswer | undefined;
  return (
    <Page width="text">
      <div className="grid gap-2">
        <p className="text-sm">
          <TextLink to={`/admin/users/${user.id}`}>{texts.back}</TextLink>
        </p>
        <PageHeader title={m.title(user.id)} lead={fullName(user)} />
      </div>
      <RightsSections
        user={user}
        consents={consents}
        answer={answer}
        copy={{ title: m.copy, text: m.copyText, label: m.download, href: `/admin/users/${user.id}/data.json` }}
        correction={<CorrectionState correction={correction} />}
        isOwn={false}
        isEmailShut={isEmailShut}
        consent={{
          title: m.consents,
          before: answer?.intent === "withdraw" ? <Alert tone="good">{m.withdrawnNow}</Alert> : null,
          asked,
          act: (group) => (mayWithdraw(group) ? <WithdrawForm group={group} user={user} /> : null),
        }}
        erase={{
          title: m.erase,
          content: (
            <>
              <p>{m.eraseText}</p>
              {answer?.intent === "erase" ? <Alert tone="bad">{eraseAdmin}</Alert> : null}
              <AskFirst label={m.submit}>
                <PostForm className="grid justify-items-start gap-3">
                  <p className="wrap-anywhere">{m.eraseAsk(user.id, fullName(user))}</p>
                  <Button type="submit" name="intent" value="erase" look="secondary" className="wrap-anywhere">
                    {m.eraseNow(user.id, fullName(user))}
                  </Button>
                </PostForm>
              </AskFirst>
            </>
          ),
        }}
      />
    </Page>
  );
}

/** An imported person has given no consent to the processing and may withdraw it all the same. */
const mayWithdraw = ({ key, given, holds }: ConsentGroup): boolean =>
  holds || (key === processingKind && given.length === 0);

function WithdrawForm({ group, user }: { group: ConsentGroup; user: UserView }) {
  const m = useTexts(rightsTexts).rights;
  const which = group.key === processingKind ? null : <span className="sr-only">: {nameOf(group)}</span>;
  return (
    <AskFirst
      size="sm"
      label={
        <>
          {m.withdraw}
          {which}
        </>
      }
    >
      <PostForm className="grid justify-items-start gap-3">
        <p className="text-sm wrap-anywhere">{m.withdrawAsk(user.id, fullName(user))}</p>
        <input type="hidden" name="kind" value={group.key} />
        <Button type="submit" name="intent" value="withdraw" look="secondary" size="sm" className="wrap-anywhere">
          {m.withdrawNow(user.id, fullName(user))}
          {which}
        </Button>
      </PostForm>
    </AskFirst>
  );
}
