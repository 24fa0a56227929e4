import { type ActionFunctionArgs, data, redirect } from "@remix-run/node";
import { sentId } from "~/page/page-id.server";
import { readForm } from "~/page/public-form.server";
import type { Actor } from "~server/audit/actor";
import { parseTarget, type Target } from "~server/import/columns";
import { discardImport, draftImport, previewDraft, readDraftAs } from "~server/import/import-drafts";
import { ImportFileError } from "~server/import/import-file-error";
import { maxImportBytes } from "~server/import/import-limits";
import { startImport } from "~server/import/import-runs";
import { isAppError } from "~server/platform/errors";
import { isTimeZone } from "~server/platform/time-zone";
import { columnField } from "./import-columns";
import type { UploadProblem } from "./import-upload";

/** The administrators' actions on lists; `intent` names the action. An unknown one is a 400. */
export async function actOnImport(args: ActionFunctionArgs, actor: Actor) {
  const form = await readForm(args.request);
  const { services } = args.context;
  const intent = form.get("intent");
  if (intent === "upload") return upload(args, actor, form.get("file"));
  const runId = sentId(form.get("run"));
  switch (intent) {
    case "read":
      await readAs(args, runId, form);
      return redirect(`/admin/import?run=${runId}`);
    case "start":
      if (await readAs(args, runId, form)) return redirect(`/admin/import?run=${runId}&changed=1`);
      await unlessGone(startImport(services, { actor, runId }));
      return redirect(`/admin/import?run=${runId}`);
    case "discard":
      await discardImport(services, { actor, runId });
      return redirect("/admin/import");
    default:
      throw data(null, { status: 400 });
  }
}

async function upload({ context }: ActionFunctionArgs, actor: Actor, file: FormDataEntryValue | null) {
  const refuse = (problem: Partial<UploadProblem> & Pick<UploadProblem, "code">, status: number) =>
    data({ problem: { fields: [], line: null, ...problem } satisfies UploadProblem }, { status });
  if (!(file instanceof File) || file.size === 0) return refuse({ code: "missing" }, 400);
  if (file.size > maxImportBytes) return refuse({ code: "too_large" }, 413);
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { id } = await draftImport(context.services, { actor, bytes });
    return redirect(`/admin/import?run=${id}`);
  } catch (error) {
    if (!(error instanceof ImportFileError)) throw error;
    const { code, fields, line = null } = error;
    return refuse({ code, fields, line }, 400);
  }
}

/** Reads the draft with the columns in the form. True if they differ from those that the page has shown. */
async function readAs({ context }: ActionFunctionArgs, runId: number, form: FormData): Promise<boolean> {
  const { services } = context;
  const preview = await previewDraft(services, runId);
  if (!preview || !form.has("zone")) return false;
  const zone = String(form.get("zone"));
  // Empty columns are not in the form.
  const targets = preview.columns.map(({ target }, place): Target | null => {
    const chosen = form.get(columnField(place));
    const parsed = chosen === null ? target : parseTarget(String(chosen));
    if (parsed === undefined) throw data(null, { status: 400 });
    return parsed;
  });
  if (!isTimeZone(zone)) throw data(null, { status: 400 });
  if (zone === preview.zone && targets.every((target, place) => target === preview.columns[place]?.target))
    return false;
  await unlessGone(readDraftAs(services, { runId, targets, zone }));
  return true;
}

/** Shows on the page that the list is gone, or what is missing, and what to do. */
async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isAppError(error, "NOT_FOUND") && !isAppError(error, "CONFLICT")) throw error;
  }
}
