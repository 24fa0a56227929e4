import { StayingForm } from "~/components/ui/staying-form";
import { useInFlight } from "~/hooks/use-single-submit";
import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";

export function SignOut() {
  const m = useTexts(siteTexts);
  const inFlight = useInFlight();
  return (
    <StayingForm action="/logout">
      <button
        type="submit"
        aria-disabled={inFlight || undefined}
        className="min-h-11 cursor-pointer px-2 text-sm text-ink-soft hover:text-ink lg:min-h-9"
      >
        {m.signOut}
      </button>
    </StayingForm>
  );
}
