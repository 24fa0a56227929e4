import type { Actor } from "../audit/actor";
import { retryAfterSeconds } from "../database/unavailable";
import { firstFormId } from "../forms/forms";
import { cleanText } from "../platform/clean-text";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { parseUserQuery, type UserCrmState, type UserSort, userSearch } from "./filter";
import { listUsers } from "./list";
import { isCut } from "./search-words";
import { getUsers, type UserView } from "./users";

/** The form at /register, as `(none)` is no source: no other form has this address. */
const firstFormOnly = "(first)";

/** What programs may ask of the list; the same conditions as on the page `/admin/users`. */
export interface UserRequest {
  q?: string | undefined;
  paid?: boolean | undefined;
  confirmed?: boolean | undefined;
  crm?: UserCrmState | undefined;
  source?: string | undefined;
  /** The end of the form's address, or `firstFormOnly`. */
  form?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  sort?: UserSort | undefined;
  /** `next` of the page before; the first page if left out. */
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface FoundUsers {
  users: UserView[];
  /** The cursor of the next page; null after the last. */
  next: string | null;
  /** False where words are too short for the search index: only the newest people were searched. */
  complete: boolean;
}

/**
 * A page of people for a program, read as the administrators' list reads it. The page ignores what it does not
 * understand; a program would take the people found without its condition for those with it, so here that is INVALID.
 * BUSY if the query took too long: an empty page would read as "nobody".
 */
export async function findUsers(
  services: Pick<Services, "db" | "pool" | "env" | "forms">,
  { actor, limit, ...request }: UserRequest & { actor: Actor },
): Promise<FoundUsers> {
  const { filter, cursor } = readRequest(services, request);
  const page = await listUsers(services, {
    ...{ filter, cursor, ...(limit ? { limit } : {}) },
    forProgram: actor.kind === "TOKEN",
  });
  if (page.incomplete === "slow") {
    const issues = [{ path: [], code: "slow_search", params: {} }];
    throw new AppError("BUSY", { details: { retryAfter: retryAfterSeconds, issues } });
  }
  return {
    users: await getUsers(
      services,
      page.users.map(({ id }) => id),
    ),
    next: page.next && new URLSearchParams(userSearch(filter, page.next)).get("after"),
    complete: page.incomplete === null,
  };
}

function readRequest({ forms }: Pick<Services, "forms">, { cursor, form, ...request }: Omit<UserRequest, "limit">) {
  const meant = form === firstFormOnly ? firstFormId : form === undefined ? undefined : forms.bySlug(form)?.id;
  const asked = Object.entries({ ...request, form: meant, after: cursor }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const isUnknown = form !== undefined && meant === undefined;
  const query = parseUserQuery(new URLSearchParams(asked));
  // A blank text counts as left out on the page; a program that sends one has lost a value.
  const blank = asked.flatMap(([name = "", value]) => (/^[\p{Cc}\s]*$/u.test(cleanText(value ?? "")) ? [name] : []));
  const further = [...(isUnknown ? ["form"] : []), ...(isCut(query.filter.q) ? ["q"] : [])];
  const wrong = [...new Set([...query.ignored, ...blank, ...further])];
  if (wrong.length > 0)
    throw new AppError("INVALID", {
      details: {
        issues: wrong.map((name) => ({ path: [name === "after" ? "cursor" : name], code: "custom", params: {} })),
      },
    });
  return query;
}
