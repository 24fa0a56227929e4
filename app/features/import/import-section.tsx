import type { ReactNode } from "react";
import { Card } from "~/components/ui/card";

export const ImportSection = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="grid gap-3">
    <h2 className="text-lg font-semibold">{title}</h2>
    <Card className="px-5 py-2 sm:px-8">{children}</Card>
  </section>
);
