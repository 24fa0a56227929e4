import type { ReactNode } from "react";
import { Card } from "~/components/ui/card";

/** A part of a person's page. */
export function Section({ title, id, children }: { title: string; id?: string; children: ReactNode }) {
  return (
    <Card className="p-5 sm:p-6 print:border-0 print:p-0 print:shadow-none">
      <section id={id} className="grid gap-4">
        <h2 className="text-lg font-semibold">{title}</h2>
        {children}
      </section>
    </Card>
  );
}
