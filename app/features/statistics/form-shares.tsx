import { useSearchParams } from "@remix-run/react";
import { Card } from "~/components/ui/card";
import { AmountTable } from "~/features/statistics/amount-table";
import { ShareCard } from "~/features/statistics/share-card";
import { statisticsTexts } from "~/features/statistics/texts";
import { useTexts } from "~/i18n/locale";
import type { FormStatistics } from "~server/statistics/form-statistics";

interface Props {
  rows: FormStatistics[];
  forms: { id: number; name: string }[];
  totals: { registrations: number; paid: number };
}

/** What each of several forms has brought: people, and the amounts of their deals. */
export function FormShares({ rows, forms, totals }: Props) {
  const m = useTexts(statisticsTexts);
  const [params] = useSearchParams();
  const names = new Map(forms.map(({ id, name }) => [id, name]));
  // A form that another process has just made has no name here yet.
  const nameOf = (form: number) => (names.has(form) ? names.get(form) || m.firstForm : `${m.form} ${form}`);
  const named = rows.map(({ form, ...row }) => ({
    ...row,
    key: String(form),
    name: nameOf(form),
    to: `?${new URLSearchParams([...params, ["form", String(form)]])}`,
  }));
  return (
    <div className="grid items-start gap-8 lg:grid-cols-2">
      <ShareCard caption={m.forms} text={m.formsText} heading={m.form} rows={named} totals={totals} complete={false} />
      <Card className="p-4 sm:p-8">
        <AmountTable
          caption={m.amounts.forms}
          heading={m.form}
          rows={named.map(({ key, name, amounts }) => ({ key, name, ...amounts }))}
        />
      </Card>
    </div>
  );
}
