import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { SecretOnce } from "~/components/ui/secret-once";
import { TextLink } from "~/components/ui/text-link";
import { tokensTexts } from "~/features/api-tokens/texts";
import { type RefusedToken, TokenForm } from "~/features/api-tokens/token-form";
import { TokenList } from "~/features/api-tokens/token-list";
import { readTokenRequest } from "~/features/api-tokens/token-request.server";
import { useAnswer } from "~/hooks/use-answer";
import { useShownOnce } from "~/hooks/use-last-answer";
import { useTexts } from "~/i18n/locale";
import { pageId, throwAsPage } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { requirePasswordAgain } from "~/page/password-again.server";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { listApiTokens, revokeApiToken } from "~server/auth/api-tokens";
import { issueApiToken } from "~server/auth/issue-token";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const tokens = await listApiTokens(services);
  const asked = Number(new URL(args.request.url).searchParams.get("revoke"));
  return {
    tokens,
    asked: tokens.find(({ id, state }) => id === asked && state === "active") ?? null,
    names: await nameActors(
      services,
      tokens.map(({ userId }) => ({ kind: "USER", id: userId })),
    ),
  };
}

/** What the page says about the last form. */
interface Answer {
  refused: RefusedToken | null;
  made: { id: number; name: string; token: string } | null;
  revoked: string | null;
}

const nothing: Answer = { refused: null, made: null, revoked: null };

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const form = await readForm(args.request);
  const revoke = form.get("revoke");
  if (typeof revoke === "string") {
    const id = pageId(revoke);
    await revokeApiToken(services, { actor, id }).catch(throwAsPage);
    const revoked = (await listApiTokens(services)).find((token) => token.id === id)?.name ?? String(id);
    return data<Answer>({ ...nothing, revoked });
  }
  const read = readTokenRequest(form);
  if (!read) throw data(null, { status: 400 });
  if ("refused" in read) return data<Answer>({ ...nothing, refused: read.refused }, { status: 400 });
  await requirePasswordAgain(args, actor, form);
  return data<Answer>({ ...nothing, made: await issueApiToken(services, { actor, ...read.asked }) });
}

export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(tokensTexts, (m) => ({ title: m.title, description: m.description }));

export default function AdminTokens() {
  const m = useTexts(tokensTexts);
  const { tokens, asked, names } = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  const answer = answered ?? nothing;
  const made = useShownOnce(answered?.made ?? undefined);
  return (
    <Page>
      <PageHeader
        title={m.title}
        lead={
          <>
            {m.description} <TextLink to="/api/docs">{m.docs}</TextLink>
          </>
        }
      />
      {made && tokens.some(({ id, state }) => id === made.id && state === "active") ? (
        <SecretOnce
          key={made.token}
          secret={made.token}
          texts={{ title: m.made(made.name), once: m.once, copy: m.copy, copied: m.copied }}
        />
      ) : null}
      {answer.revoked ? <Alert tone="good">{m.done(answer.revoked)}</Alert> : null}
      {asked ? <Question name={asked.name} id={asked.id} /> : null}
      <Card className="p-5 sm:p-8">
        {/* Empty again once a token was made. */}
        <TokenForm key={made?.token} refused={answer.refused} seen={tokens[0]?.id ?? 0} />
      </Card>
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.list}</h2>
        {tokens.length > 0 ? (
          <Card>
            <TokenList tokens={tokens} names={names} />
          </Card>
        ) : (
          <EmptyState title={m.none.title}>{m.none.text}</EmptyState>
        )}
      </section>
    </Page>
  );
}

function Question({ name, id }: { name: string; id: number }) {
  const m = useTexts(tokensTexts);
  return (
    <Card className="grid gap-4 p-5 sm:p-8">
      <h2 data-question className="text-lg font-semibold wrap-anywhere">
        {m.question(name)}
      </h2>
      <p className="text-ink-soft">{m.consequence}</p>
      <PostForm action="/admin/tokens" className="flex flex-wrap gap-3">
        <Button type="submit" name="revoke" value={id}>
          {m.confirm}
        </Button>
        <ButtonLink to="/admin/tokens" look="secondary">
          {m.cancel}
        </ButtonLink>
      </PostForm>
    </Card>
  );
}
