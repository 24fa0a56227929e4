import { TextLink } from "~/components/ui/text-link";
import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import { LanguageSwitch } from "./language-switch";

export function SiteFooter({ policy }: { policy: string | null }) {
  const m = useTexts(siteTexts);
  return (
    <footer className="border-t border-line print:hidden">
      <div className="mx-auto flex max-w-wide flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-4 text-sm text-ink-soft sm:px-6">
        <p>
          {m.privacy} <TextLink to="/privacy">{m.privacyLink}</TextLink>
          {policy ? (
            <>
              {" "}
              · <TextLink to={policy}>{m.policyLink}</TextLink>
            </>
          ) : null}
        </p>
        <LanguageSwitch />
      </div>
    </footer>
  );
}
