import { useEffect } from "react";
import { Page, PageHeader } from "~/components/ui/page";
import { Gallery } from "~/features/design/gallery";
import { showBothSchemes } from "~/features/design/schemes";
import { designTexts } from "~/features/design/texts";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";

export const meta = pageMeta(designTexts, (m) => ({ title: m.title }));

/** All components in all states, for those who change them. In development only: app/routes.ts leaves it out of a build. */
export default function Design() {
  const m = useTexts(designTexts);
  useEffect(showBothSchemes, []);
  return (
    <Page width="wide">
      <PageHeader title={m.title} />
      <div className="grid gap-6 xl:grid-cols-2">
        {(["light", "dark"] as const).map((scheme) => (
          <section key={scheme} className={`scheme-${scheme} grid min-w-0 gap-6 rounded-lg bg-ground p-5 text-ink`}>
            <h2 className="text-lg font-semibold">{m[scheme]}</h2>
            <Gallery />
          </section>
        ))}
      </div>
    </Page>
  );
}
