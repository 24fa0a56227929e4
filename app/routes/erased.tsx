import "~/page/arrival";
import { ButtonLink } from "~/components/ui/button";
import { Page, PageHeader } from "~/components/ui/page";
import { dataTexts } from "~/features/account/data-texts";
import { errorPageTexts } from "~/i18n/errors";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";

export const meta = pageMeta(dataTexts, (m) => ({ title: m.erase.done }));

/** The last page that a person sees who has had everything erased. */
export default function Erased() {
  const m = useTexts(dataTexts);
  const { home } = useTexts(errorPageTexts);
  return (
    <Page width="form">
      <PageHeader title={m.erase.done} />
      <p>
        <ButtonLink to="/">{home}</ButtonLink>
      </p>
    </Page>
  );
}
