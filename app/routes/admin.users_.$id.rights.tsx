import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { ConsentList } from "~/features/account/consent-list";
import { actOnRights, type DataAnswer } from "~/features/account/data-actions.server";
import { DataSection, DetailsForm, EmailForm } from "~/features/account/data-forms";
import { dataTexts } from "~/features/account/data-texts";
import { CorrectionState } from "~/features/privacy/correction-state";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageId } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { readCorrection } from "~server/corrections/corrections";
import { fullName } from "~server/person/full-name";
import { listConsents } from "~server/privacy/consents";
import { getErasure } from "~server/privacy/erasures";
import { getUser } from "~server/users/users";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const id = pageId(args.params.id);
  const [user, consents, correction] = await Promise.all([
    getUser(services, id),
    listConsents(services, id),
    readCorrection(services, id),
  ]);
  if (user) return { user, consents, correction };
  if (await getErasure(services, id)) throw redirect(`/admin/rights/${id}`);
  throw data(null, { status: 404 });
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  return actOnRights(args, actor, pageId(args.params.id));
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta: MetaFunction<typeof loader> = (args) =>
  pageMeta(rightsTexts, (m) => ({ title: m.rights.title(Number(args.params.id)) }))(args);

/** What an administrator does for a person who asks for it. */
export default function PersonRights() {
  const texts = useTexts(rightsTexts);
  const m = texts.rights;
  const own = useTexts(dataTexts);
  const { user, consents, correction } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>() as DataAnswer | undefined;
  const isWithdrawn = consents[0] !== undefined && consents[0].withdrawnAt !== null;
  return (
    <Page width="text">
      <div className="grid gap-2">
        <p className="text-sm">
          <TextLink to={`/admin/users/${user.id}`}>{texts.back}</TextLink>
        </p>
        <PageHeader title={m.title(user.id)} lead={fullName(user)} />
      </div>
      <DataSection id="copy" title={m.copy}>
        <p>{m.copyText}</p>
        <p>
          <a href={`/admin/users/${user.id}/data.json`} download className="text-accent underline underline-offset-4">
            {m.download}
          </a>
        </p>
      </DataSection>
      <DataSection id="correct" title={own.details.title}>
        <DetailsForm key={JSON.stringify(user)} user={user} answer={answer} />
      </DataSection>
      <DataSection id="email" title={own.email.title}>
        <EmailForm answer={answer} />
        <CorrectionState correction={correction} />
      </DataSection>
      <DataSection id="consents" title={m.consents}>
        {answer?.intent === "withdraw" ? <Alert tone="good">{m.withdrawnNow}</Alert> : null}
        <ConsentList consents={consents} />
        {isWithdrawn ? null : (
          <PostForm>
            <Button type="submit" name="intent" value="withdraw" look="secondary" size="sm">
              {m.withdraw}
            </Button>
          </PostForm>
        )}
      </DataSection>
      <DataSection id="erase" title={m.erase}>
        <p>{m.eraseText}</p>
        <PostForm noValidate className="grid gap-5">
          <Field
            name="password"
            label={m.password}
            type="password"
            autoComplete="current-password"
            required
            problems={answer?.intent === "erase" ? answer.problems.password : undefined}
          />
          <Button type="submit" name="intent" value="erase" look="secondary">
            {m.submit}
          </Button>
        </PostForm>
      </DataSection>
    </Page>
  );
}
