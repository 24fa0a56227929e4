import { isDeepStrictEqual } from "node:util";
import { ZodError } from "zod";
import type { Prisma } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import { hasUnfitCharacters } from "../platform/clean-text";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { copyOfForm, type SiteSettings } from "./copy-form";
import type { FormDefinition } from "./definition";
import { firstFormId } from "./forms";
import { usedKeys } from "./question-key";
import { readDefinition } from "./read-definition";

type Deps = Pick<Services, "db" | "forms">;

/** All that an administrator can change of a form. */
export interface FormState {
  slug: string | null;
  name: string;
  definition: FormDefinition;
  closedAt: string | null;
}

/** What a change of a form is named by. */
export const formParts = ["name", "slug", "heading", "lead", "items", "after", "settings", "closed"] as const;
export type FormPart = (typeof formParts)[number];

/** In what two states differ. */
export function changedParts(before: FormState, after: FormState): FormPart[] {
  const partOf = ({ name, slug, closedAt, definition }: FormState, part: FormPart): unknown =>
    part === "closed" ? closedAt : part === "name" ? name : part === "slug" ? slug : definition[part];
  return formParts.filter((part) => !isDeepStrictEqual(partOf(before, part), partOf(after, part)));
}

/** Nothing was saved: another administrator's change is newer than the page that was sent. */
export class FormConflictError extends AppError<"CONFLICT"> {
  constructor() {
    super("CONFLICT", { details: {} });
  }
}

/** Nothing was saved: another form has the address. */
export class SlugTakenError extends AppError<"CONFLICT"> {
  constructor() {
    super("CONFLICT", { details: {} });
  }
}

/** Nothing was saved: another form was given a question with the key of a new one. A further draft makes another key. */
export class QuestionKeyTakenError extends AppError<"CONFLICT"> {
  constructor() {
    super("CONFLICT", { details: {} });
  }
}

/** Part of an address: lower case, so that it is told by phone without doubts. */
export const isSlug = (text: string): boolean => /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(text);

const invalid = (field: string) =>
  new AppError("INVALID", { details: { issues: [{ path: [field], code: "invalid", params: {} }] } });

/** A form as it is stored, with the number of its newest change. Throws NOT_FOUND. */
export async function storedForm(
  { db }: Pick<Services, "db">,
  id: number,
): Promise<{ id: number; seen: number; state: FormState }> {
  // First, so that a change in between is noticed when the page is sent.
  const seen = await newestChange(db, id);
  const state = await readState(db, id);
  return { id, seen, state };
}

/**
 * Makes a form, blank or like another one. Copied questions get keys of their own, since an answer belongs to one
 * question. Throws INVALID for a name or an address that cannot be used, and SlugTakenError for another form's address.
 */
export async function makeForm(
  services: Deps & { env: SiteSettings },
  { actor, slug, name, copyOf = null }: { actor: Actor; slug: string; name: string; copyOf?: number | null },
): Promise<number> {
  if (!isSlug(slug)) throw invalid("slug");
  if (hasUnfitCharacters(name)) throw invalid("name");
  const id = await services.db.$transaction(async (tx) => {
    await lockForms(tx);
    if (await tx.form.findUnique({ where: { slug }, select: { id: true } })) throw new SlugTakenError();
    const like = copyOf === null ? readDefinition({}) : (await readState(tx, copyOf)).definition;
    const definition = copyOfForm(like, await everyKey(tx), services.env);
    const { id } = await tx.form.create({
      data: { slug, name: name.trim(), definition: asJson(definition) },
      select: { id: true },
    });
    await note(tx, { actor, id, before: null, action: "form.make" });
    return id;
  });
  await services.forms.reload();
  return id;
}

/**
 * Changes a form, with history and audit entry in one transaction; this process uses it at once, the others within
 * seconds. `change` gets the present state. Returns the change's number, null if nothing changes. Throws NOT_FOUND, INVALID, and
 * FormConflictError if the form was changed after `seen`, SlugTakenError and QuestionKeyTakenError.
 */
export async function changeForm(
  services: Deps,
  { actor, id, seen, change }: { actor: Actor; id: number; seen: number; change: (now: FormState) => FormState },
): Promise<number | null> {
  const changed = await services.db.$transaction(async (tx) => {
    await lockForms(tx);
    const before = await readState(tx, id);
    const after = change(before);
    if (isDeepStrictEqual(before, after)) return null;
    if ((await newestChange(tx, id)) > seen) throw new FormConflictError();
    await assertFreeKeys(tx, before, after);
    return saveForm(tx, { actor, id, before, after, action: "form.change" });
  });
  await services.forms.reload();
  return changed;
}

/** For those who hold lockForms. */
export async function saveForm(
  tx: Tx,
  {
    actor,
    id,
    before,
    after,
    action,
    undoes = null,
  }: {
    actor: Actor;
    id: number;
    before: FormState;
    after: FormState;
    action: "form.change" | "form.undo";
    undoes?: number | null;
  },
): Promise<number> {
  const { slug, name, definition, closedAt } = after;
  if ((id === firstFormId) !== (slug === null) || (slug !== null && !isSlug(slug))) throw invalid("slug");
  const other = slug === null ? null : await tx.form.findUnique({ where: { slug }, select: { id: true } });
  if (other && other.id !== id) throw new SlugTakenError();
  await tx.form.update({
    where: { id },
    data: { slug, name, closedAt, definition: asJson(readableDefinition(definition)) },
    select: { id: true },
  });
  return note(tx, { actor, id, before, action, undoes });
}

/** Nothing is stored that could not be read again. */
function readableDefinition(definition: FormDefinition): FormDefinition {
  try {
    return readDefinition(definition);
  } catch (error) {
    if (error instanceof ZodError) throw invalid("definition");
    throw error;
  }
}

async function note(
  tx: Tx,
  {
    actor,
    id,
    before,
    action,
    undoes = null,
  }: {
    actor: Actor;
    id: number;
    before: FormState | null;
    action: "form.make" | "form.change" | "form.undo";
    undoes?: number | null;
  },
): Promise<number> {
  const after = await readState(tx, id);
  const change = await tx.formChange.create({
    data: {
      formId: id,
      actorKind: actor.kind,
      actorId: actor.id,
      ...(before === null ? {} : { before: asJson(before) }),
      after: asJson(after),
      undoes,
    },
    select: { id: true },
  });
  await audit(tx, { actor, action, details: { form: after.slug ?? "register" } });
  return change.id;
}

export async function readState(tx: Tx, id: number): Promise<FormState> {
  const row = await tx.form.findUnique({ where: { id } });
  if (!row) throw new AppError("NOT_FOUND");
  const { slug, name, definition, closedAt } = row;
  return { slug, name, definition: readDefinition(definition), closedAt: closedAt?.toISOString() ?? null };
}

export const stateOf = (stored: Prisma.JsonValue): FormState => {
  const state = stored as unknown as FormState;
  return { ...state, definition: readDefinition(state.definition) };
};

/** Keys of the questions of all forms, the removed ones too. */
async function everyKey(tx: Tx): Promise<Set<string>> {
  const rows = await tx.form.findMany({ select: { definition: true } });
  return usedKeys(rows.map(({ definition }) => ({ definition: readDefinition(definition) })));
}

/** New keys were made from what was known before the lock: meanwhile another form may have got a question with that key. */
async function assertFreeKeys(tx: Tx, before: FormState, after: FormState): Promise<void> {
  const own = usedKeys([before]);
  const added = [...usedKeys([after])].filter((key) => !own.has(key));
  if (added.length === 0) return;
  const taken = await everyKey(tx);
  if (added.some((key) => taken.has(key))) throw new QuestionKeyTakenError();
}

export const newestChange = async (tx: Tx, formId: number): Promise<number> =>
  (await tx.formChange.aggregate({ where: { formId }, _max: { id: true } }))._max.id ?? 0;

/** Changes wait for each other, also for the sake of unique keys; reading and registering go on. */
export const lockForms = (tx: Tx) => tx.$executeRaw`lock table "FormChange" in share row exclusive mode`;

const asJson = (value: object) => value as Prisma.InputJsonObject;
