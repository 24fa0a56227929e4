import type { Locale } from "~/i18n/locale";
import type { Actor } from "~server/audit/actor";
import { changeForm, makeForm, storedForm } from "~server/forms/change";
import { draftTexts } from "~server/forms/draft-texts";
import { hasUnfitCharacters } from "~server/platform/clean-text";
import { isAppError } from "~server/platform/errors";
import { parseSeenId } from "~server/platform/ids";
import type { Services } from "~server/services";

/** What the list of forms says about what was posted. */
export interface ListAnswer {
  outcome: "made" | "saved" | "same" | "refused" | "conflict";
  status: number;
  typed: { name: string; slug: string; like: string };
  said: string | null;
  /** The change of a form that was saved, which can be undone. */
  saved: { form: number; change: number } | null;
  /** The form that was added. */
  made: number | null;
}

type Deps = Pick<Services, "db" | "env" | "forms">;

/** Adds a form, or closes or opens one. Throws NOT_FOUND. */
export async function answerList(
  services: Deps,
  { actor, form, locale }: { actor: Actor; form: FormData; locale: Locale },
): Promise<ListAnswer> {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const typed = { name: text("name").slice(0, 200), slug: text("slug").toLowerCase(), like: text("like") };
  const answer = { typed, said: null, saved: null, made: null, status: 200 };
  const [close, reopen] = [parseSeenId(form.get("close")), parseSeenId(form.get("open"))];
  const id = close ?? reopen;
  try {
    if (id !== undefined) {
      const { seen } = await storedForm(services, id);
      const closedAt = close === undefined ? null : new Date().toISOString();
      const change = (now: Awaited<ReturnType<typeof storedForm>>["state"]) => ({
        ...now,
        closedAt: closedAt === null ? null : (now.closedAt ?? closedAt),
      });
      const made = await changeForm(services, { actor, id, seen, change });
      if (made === null) return { ...answer, outcome: "same" };
      return { ...answer, outcome: "saved", saved: { form: id, change: made } };
    }
    const copyOf = parseSeenId(typed.like) || null;
    const made = await makeForm(services, { actor, slug: typed.slug, name: typed.name, copyOf });
    return { ...answer, outcome: "made", made, typed: { name: "", slug: "", like: "" } };
  } catch (error) {
    if (isAppError(error, "INVALID")) {
      const words = hasUnfitCharacters(typed.name) ? draftTexts.unfit : draftTexts.slug;
      return { ...answer, outcome: "refused", status: 400, said: words[locale] };
    }
    if (!isAppError(error, "CONFLICT")) throw error;
    if (id !== undefined) return { ...answer, outcome: "conflict", status: error.status };
    return { ...answer, outcome: "refused", status: error.status, said: draftTexts.taken[locale] };
  }
}
