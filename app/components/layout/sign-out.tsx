import { StayingForm } from "~/components/ui/staying-form";
import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";

export function SignOut() {
  const m = useTexts(siteTexts);
  return (
    <StayingForm action="/logout">
      {(busy) => (
        <button
          type="submit"
          aria-disabled={busy}
          className="min-h-11 cursor-pointer px-2 text-sm text-ink-soft hover:text-ink lg:min-h-9"
        >
          {m.signOut}
        </button>
      )}
    </StayingForm>
  );
}
