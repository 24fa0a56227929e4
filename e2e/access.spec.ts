import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createApiToken, revokeApiToken } from "../server/auth/api-tokens";
import { hashPassword } from "../server/auth/password";
import { root } from "../tools/run";
import { makePeople } from "./admin-people";
import { administrator, expect, test } from "./fixtures";
import type { Stack } from "./stack";

const roles = ["guest", "self", "other", "admin", "token", "revoked", "foreign"] as const;
type Role = (typeof roles)[number];

/** Statuses in the order of `roles`. A token is for programs: before a page its bearer is a guest. */
const open = [200, 200, 200, 200, 200, 200, 200];
const guestsOnly = [200, 302, 302, 302, 200, 200, 302];
const signedIn = [302, 200, 200, 200, 302, 302, 200];
const admins = [302, 403, 403, 200, 302, 302, 200];
const nobody = (status: number) => roles.map(() => status);
/** The answer to a POST that passes the checks; a POST from another site never does. */
const posted = (gates: readonly number[], allowed: number) =>
  gates.map((status, at) => (roles[at] === "foreign" ? 403 : status === 200 ? allowed : status));

interface Row {
  /** The file in app/routes. */
  route: string;
  path: string;
  get: readonly number[];
  /** What a post does to whom it is let through, and its answers; without one, a post is answered with 405. */
  post?: { form?: Record<string, string>; statuses: readonly number[] };
}

/** The administrator's own posts are empty: what comes behind the gates has its own specs. */
const matrix: Row[] = [
  { route: "_index.tsx", path: "/", get: open },
  {
    route: "register.tsx",
    path: "/register",
    get: guestsOnly,
    // A refused form is shown again with what was typed, also where another tab has signed the browser in.
    post: { statuses: posted(open, 400) },
  },
  { route: "embed.($form).tsx", path: "/embed", get: open, post: { statuses: posted(open, 400) } },
  {
    route: "register_.$form.tsx",
    path: "/register/none",
    get: nobody(404),
    post: { statuses: roles.map((role) => (role === "foreign" ? 403 : 404)) },
  },
  { route: "login.tsx", path: "/login", get: guestsOnly, post: { statuses: posted(open, 400) } },
  {
    route: "login_.code.tsx",
    path: "/login/code",
    // No sender in this test has given a password and still has to give a code.
    get: nobody(302),
    post: { statuses: roles.map((role) => (role === "foreign" ? 403 : 302)) },
  },
  { route: "locale.ts", path: "/locale", get: nobody(405), post: { statuses: posted(open, 400) } },
  { route: "forgot.tsx", path: "/forgot", get: open, post: { statuses: posted(open, 200) } },
  { route: "reset.$token.tsx", path: "/reset/none", get: open, post: { statuses: posted(open, 400) } },
  { route: "account.tsx", path: "/account", get: signedIn, post: { statuses: posted(signedIn, 400) } },
  {
    route: "account_.confirm.tsx",
    path: "/account/confirm",
    get: signedIn,
    post: { statuses: posted(signedIn, 400) },
  },
  { route: "account_.data.tsx", path: "/account/data", get: signedIn, post: { statuses: posted(signedIn, 400) } },
  {
    route: "account_.second-factor.tsx",
    path: "/account/second-factor",
    get: admins,
    post: { statuses: posted(admins, 400) },
  },
  { route: "account_.data[.]json.ts", path: "/account/data.json", get: signedIn },
  { route: "confirm.$token.tsx", path: "/confirm/none", get: open, post: { statuses: posted(open, 400) } },
  { route: "erased.tsx", path: "/erased", get: open },
  // The first form of a new installation leads to the account.
  { route: "registered.tsx", path: "/registered", get: nobody(302) },
  { route: "privacy.tsx", path: "/privacy", get: open },
  // In development only.
  { route: "design.tsx", path: "/design", get: nobody(404), post: { statuses: posted(nobody(404), 404) } },
  { route: "site[.]css.ts", path: "/site.css", get: open },
  { route: "admin.tsx", path: "/admin", get: admins },
  { route: "admin._index.tsx", path: "/admin?index", get: admins },
  { route: "admin.rights._index.tsx", path: "/admin/rights", get: admins },
  {
    route: "admin.rights.$id.tsx",
    path: "/admin/rights/999999999",
    get: admins.map((at) => (at === 200 ? 404 : at)),
    post: { statuses: posted(admins, 400) },
  },
  {
    route: "admin.users_.$id.rights.tsx",
    path: "/admin/users/SELF/rights",
    get: admins,
    post: { statuses: posted(admins, 400) },
  },
  {
    route: "admin.conversions.tsx",
    path: "/admin/conversions",
    get: admins,
    post: { statuses: posted(admins, 400) },
  },
  {
    route: "admin.conversions_.$id[.]csv.ts",
    path: "/admin/conversions/999999999.csv",
    get: admins.map((at) => (at === 200 ? 404 : at)),
  },
  { route: "admin.users_.$id.preview.tsx", path: "/admin/users/SELF/preview", get: admins },
  { route: "admin.users_.$id.data[.]json.ts", path: "/admin/users/SELF/data.json", get: admins },
  { route: "admin.users._index.tsx", path: "/admin/users?index", get: admins, post: { statuses: posted(admins, 400) } },
  {
    route: "admin.users.$id.tsx",
    path: "/admin/users/SELF",
    get: admins,
    post: {
      form: { intent: "payment", isPaid: "true", seenPaid: "false", seenChange: "" },
      statuses: posted(admins, 400),
    },
  },
  {
    route: "admin.users.bulk.tsx",
    path: "/admin/users/bulk?mark=paid&id=SELF",
    get: admins,
    post: { form: { upTo: "999999999" }, statuses: posted(admins, 400) },
  },
  { route: "admin.users.export[.]csv.ts", path: "/admin/users/export.csv?q=SELF", get: admins },
  {
    route: "admin.crm.tsx",
    path: "/admin/crm",
    get: admins,
    post: { form: { intent: "pause" }, statuses: posted(admins, 400) },
  },
  {
    route: "admin.crm_.resend.tsx",
    path: "/admin/crm/resend?id=999999999",
    get: admins,
    post: { statuses: posted(admins, 200) },
  },
  { route: "admin.audit.tsx", path: "/admin/audit", get: admins, post: { statuses: posted(admins, 400) } },
  {
    route: "admin.tokens.tsx",
    path: "/admin/tokens",
    get: admins,
    post: { form: { name: "Mine" }, statuses: posted(admins, 400) },
  },
  {
    route: "admin.webhooks.tsx",
    path: "/admin/webhooks",
    get: admins,
    post: { form: { url: "https://example.com/hook" }, statuses: posted(admins, 400) },
  },
  { route: "admin.settings.tsx", path: "/admin/settings", get: admins, post: { statuses: posted(admins, 400) } },
  {
    route: "admin.settings_.consents.tsx",
    path: "/admin/settings/consents",
    get: admins,
    post: { statuses: posted(admins, 400) },
  },
  {
    route: "admin.settings_.consents_.$key.tsx",
    path: "/admin/settings/consents/registration",
    get: admins,
    post: { statuses: posted(admins, 400) },
  },
  {
    route: "admin.settings_.logo.tsx",
    path: "/admin/settings/logo",
    get: admins,
    // Without a picture nothing is changed.
    post: { statuses: posted(admins, 400) },
  },
  {
    route: "admin.settings_.$group.tsx",
    path: "/admin/settings/alerts",
    get: admins,
    // An empty form changes nothing.
    post: { statuses: posted(admins, 200) },
  },
  {
    route: "admin.settings_.forms.tsx",
    path: "/admin/settings/forms",
    get: admins,
    // Without an address no form is added.
    post: { statuses: posted(admins, 400) },
  },
  {
    route: "admin.settings_.forms_.$id.tsx",
    path: "/admin/settings/forms/1",
    get: admins,
    // An empty form is looked at, and nothing is saved.
    post: { statuses: posted(admins, 200) },
  },
  { route: "admin.portal.tsx", path: "/admin/portal", get: admins, post: { statuses: posted(admins, 400) } },
  { route: "admin.review.tsx", path: "/admin/review", get: admins, post: { statuses: posted(admins, 400) } },
  {
    route: "confirm-password.tsx",
    path: "/confirm-password?to=/account",
    get: signedIn,
    post: { statuses: posted(signedIn, 400) },
  },
  { route: "admin.import.tsx", path: "/admin/import", get: admins, post: { statuses: posted(admins, 400) } },
  {
    route: "admin.conflicts.tsx",
    path: "/admin/conflicts",
    get: admins,
    post: { form: { intent: "compare" }, statuses: posted(admins, 400) },
  },
  {
    route: "admin.conflicts_.$id.tsx",
    path: "/admin/conflicts/999999999",
    get: admins.map((at) => (at === 200 ? 404 : at)),
  },
  {
    route: "bitrix24-test.tsx",
    path: "/bitrix24-test?userId=SELF",
    get: admins,
    post: { form: { intent: "start" }, statuses: posted(admins, 400) },
  },
  { route: "api.docs.tsx", path: "/api/docs", get: open },
  { route: "$.tsx", path: "/nothing-here", get: nobody(404), post: { statuses: posted(nobody(404), 404) } },
  // Last, since it ends the sessions.
  { route: "logout.ts", path: "/logout", get: nobody(405), post: { statuses: posted(open, 302) } },
];

const password = "correct horse battery";

test("every page gives each visitor the answer that the matrix says, from this site and from others", {
  tag: ["@stack", "@desktop"],
}, async ({ stack }) => {
  const { selfId, headers } = await makeCast(stack);
  const changes = await changesOf(stack);
  for (const { path, get, post } of matrix) {
    const url = new URL(path.replace("SELF", String(selfId)), stack.baseURL);
    const ask = (method: string, form?: Record<string, string>) =>
      statuses((role) =>
        fetch(url, {
          method,
          headers: headers[role],
          redirect: "manual",
          body: method === "POST" ? new URLSearchParams(role === "admin" ? {} : form) : null,
        }),
      );
    for (const method of ["GET", "HEAD"]) expect(await ask(method), `${method} ${path}`).toEqual(get);
    expect(await ask("POST", post?.form), `POST ${path}`).toEqual(post?.statuses ?? posted(nobody(405), 405));
  }
  expect(await changesOf(stack), "changes by those who may not").toBe(changes);
});

test("every page is in the matrix", { tag: ["@stack", "@desktop"] }, () => {
  const pages = readdirSync(join(root, "app/routes")).filter((file) => !/^api\..*\.ts$/.test(file));
  expect(matrix.map(({ route }) => route).sort()).toEqual(pages.sort());
});

/** Exports are noted too; the matrix makes some, by those who may. */
const changesOf = ({ db }: Stack) =>
  db.auditEntry.count({ where: { action: { notIn: ["users.export", "person.export"] } } });

async function statuses(ask: (role: Role) => Promise<Response>): Promise<number[]> {
  const answers = [];
  for (const role of roles) {
    const answer = await ask(role);
    await answer.body?.cancel();
    answers.push(answer.status);
  }
  return answers;
}

/** Senders of every kind: whose data is requested, and the headers that each of them sends. */
async function makeCast(stack: Stack) {
  const passwordHash = await hashPassword(password);
  const { users } = await makePeople(stack, [{ passwordHash }, { passwordHash }]);
  const [self, other] = users.map(({ email }) => ({ email, password }));
  const admin = await stack.db.user.findUniqueOrThrow({ where: { email: administrator.email } });
  const actor = { kind: "USER", id: admin.id, role: "ADMIN" } as const;
  const token = await createApiToken(stack, { actor, name: "Pages" });
  const revoked = await createApiToken(stack, { actor, name: "Pages, revoked" });
  await revokeApiToken(stack, { actor, id: revoked.id });

  const session = async (person: { email: string; password: string } | undefined) => {
    const answer = await fetch(`${stack.baseURL}/login`, {
      method: "POST",
      body: new URLSearchParams(person),
      redirect: "manual",
    });
    return { cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "" };
  };
  const headers: Record<Role, Record<string, string>> = {
    guest: {},
    self: await session(self),
    other: await session(other),
    admin: await session(administrator),
    token: { authorization: `Bearer ${token.token}` },
    revoked: { authorization: `Bearer ${revoked.token}` },
    foreign: { ...(await session(administrator)), origin: "https://evil.example" },
  };
  return { selfId: users[0]?.id ?? 0, headers };
}
