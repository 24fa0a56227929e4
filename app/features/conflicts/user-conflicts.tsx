import { useFetcher } from "@remix-run/react";
import { Card } from "~/components/ui/card";
import type { ConflictResult } from "~/features/conflicts/actions.server";
import { conflictsTexts } from "~/features/conflicts/texts";
import { useTexts } from "~/i18n/locale";
import type { ConflictView } from "~server/conflicts/list";
import { ConflictList } from "./conflict-list";
import { ConflictOutcome } from "./conflict-outcome";

/** A person's conflicts, decided without leaving the page; without scripts the page of all conflicts answers. */
export function UserConflicts({ conflicts }: { conflicts: ConflictView[] }) {
  const m = useTexts(conflictsTexts);
  const fetcher = useFetcher<ConflictResult>();
  if (conflicts.length === 0 && !fetcher.data) return null;
  return (
    <Card className="p-5 sm:p-6">
      <section className="grid gap-4">
        <h2 className="text-lg font-semibold">{m.onPerson}</h2>
        <ConflictOutcome result={fetcher.data} />
        <ConflictList
          conflicts={conflicts}
          decider={{ form: fetcher.Form, action: "/admin/conflicts", sent: fetcher.formData }}
          heading="h3"
        />
      </section>
    </Card>
  );
}
