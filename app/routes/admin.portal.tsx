import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Card } from "~/components/ui/card";
import { DataList } from "~/components/ui/data-list";
import { Page, PageHeader } from "~/components/ui/page";
import { isFinal } from "~/features/identity/final-answers";
import { IdentityQuestion } from "~/features/identity/identity-question";
import { identityTexts } from "~/features/identity/texts";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requirePasswordAgain } from "~/page/password-again.server";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { answerIdentity, isIdentityAnswer } from "~server/identity/answer";
import { readIdentity } from "~server/identity/view";
import { isAppError } from "~server/platform/errors";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  return readIdentity(args.context.services);
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const form = await readForm(args.request);
  const answer = form.get("answer");
  if (!isIdentityAnswer(answer)) throw data(null, { status: 400 });
  if (isFinal(answer)) await requirePasswordAgain(args, actor, form);
  try {
    await answerIdentity(args.context.services, { actor, answer });
    return data({ outcome: "saved" as const });
  } catch (error) {
    if (isAppError(error, "CONFLICT")) return data({ outcome: "late" as const }, { status: 409 });
    throw error;
  }
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(identityTexts, (m) => ({ title: m.title, description: m.description }));

export default function AdminPortal() {
  const m = useTexts(identityTexts);
  const { hosts, question, comparing } = useLoaderData<typeof loader>();
  const done = useAnswer<typeof action>();
  return (
    <Page>
      <PageHeader title={m.title} lead={m.description} />
      {done ? <Alert tone={done.outcome === "saved" ? "good" : "wait"}>{m[done.outcome]}</Alert> : null}
      {comparing ? <Alert tone="wait">{m.comparing}</Alert> : null}
      {question ? <IdentityQuestion question={question} /> : <p>{m.calm}</p>}
      <Card className="px-4 py-4.5 sm:px-8">
        <DataList rows={[{ name: m.hosts, value: hosts.length > 0 ? hosts.join(", ") : m.none }]} />
      </Card>
    </Page>
  );
}
