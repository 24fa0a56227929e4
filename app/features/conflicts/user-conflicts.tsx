import { useFetcher } from "@remix-run/react";
import { Card } from "~/components/ui/card";
import type { DifferenceResult } from "~/features/conflicts/actions.server";
import { differencesTexts } from "~/features/conflicts/texts";
import { useTexts } from "~/i18n/locale";
import type { FindingView } from "~server/conflicts/list";
import { FindingList } from "./conflict-list";
import { DifferenceOutcome } from "./conflict-outcome";

/** A person's differences, decided without leaving the page; without scripts the page of all differences answers. */
export function UserDifferences({ findings }: { findings: FindingView[] }) {
  const m = useTexts(differencesTexts);
  const fetcher = useFetcher<DifferenceResult>();
  if (findings.length === 0 && !fetcher.data) return null;
  return (
    <Card className="p-5 sm:p-6">
      <section className="grid gap-4">
        <h2 className="font-serif text-lg font-semibold">{m.onPerson}</h2>
        <DifferenceOutcome result={fetcher.data} />
        <FindingList
          findings={findings}
          decider={{ form: fetcher.Form, action: "/admin/differences", sent: fetcher.formData }}
          heading="h3"
        />
      </section>
    </Card>
  );
}
