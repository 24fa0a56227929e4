import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { ButtonLink } from "~/components/ui/button";
import { Page, PageHeader } from "~/components/ui/page";
import { FileList } from "~/features/conversions/file-list";
import { SystemCard } from "~/features/conversions/system-card";
import { conversionTexts } from "~/features/conversions/texts";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { hasFile } from "~server/payments/conversion-file";
import {
  adSystems,
  countConversions,
  isAdSystem,
  listConversionExports,
  makeConversions,
} from "~server/payments/conversions";
import { isAppError } from "~server/platform/errors";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const [counts, files] = await Promise.all([countConversions(services), listConversionExports(services)]);
  return { counts, systems: [...adSystems], files: files.map((file) => ({ ...file, hasFile: hasFile(file) })) };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const form = await readForm(args.request);
  const [system, kind] = [form.get("system"), form.get("kind")];
  if (!isAdSystem(system) || (kind !== "add" && kind !== "retract")) throw data(null, { status: 400 });
  try {
    const name = String(form.get("name") ?? "");
    const made = await makeConversions(args.context.services, { actor, system, kind, name });
    return data({ outcome: outcomeOf({ system, kind }, made.length) });
  } catch (error) {
    if (!isAppError(error, "INVALID")) throw error;
    return data({ outcome: "invalid" as Outcome }, { status: 400 });
  }
}

type Outcome = "made" | "madeTwo" | "marked" | "nothing" | "nothingMarked" | "invalid";

function outcomeOf(asked: { system: string; kind: string }, files: number): Outcome {
  if (!hasFile(asked)) return files > 0 ? "marked" : "nothingMarked";
  return files === 0 ? "nothing" : files === 1 ? "made" : "madeTwo";
}

const isDone = (outcome: Outcome) => outcome === "made" || outcome === "madeTwo" || outcome === "marked";

export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(conversionTexts, (m) => ({ title: m.title, description: m.lead }));

/** Paid registrations back to the advertising systems that brought them. */
export default function Conversions() {
  const m = useTexts(conversionTexts);
  const { counts, files, systems } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  return (
    <Page>
      <PageHeader
        title={m.title}
        lead={m.lead}
        actions={
          <ButtonLink to="/admin" look="secondary" size="sm">
            {m.back}
          </ButtonLink>
        }
      />
      {answer ? <Alert tone={isDone(answer.outcome) ? "good" : "wait"}>{m[answer.outcome]}</Alert> : null}
      <div className="grid gap-6 lg:grid-cols-2">
        {systems.map((system) => {
          const newest = files.find((file) => file.system === system);
          return (
            <SystemCard
              // With the name of the newest file, once there is another one.
              key={`${system} ${newest?.id}`}
              system={system}
              counts={counts[system]}
              name={newest?.name}
            />
          );
        })}
      </div>
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.files}</h2>
        <FileList files={files} />
      </section>
    </Page>
  );
}
