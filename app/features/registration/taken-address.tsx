import { Button } from "~/components/ui/button";
import { StayingForm } from "~/components/ui/staying-form";
import { TextLink } from "~/components/ui/text-link";
import { registerTexts } from "~/features/registration/texts";
import { useTexts } from "~/i18n/locale";

/** What the owner of an address can do that is registered already, possibly by another person. */
export function TakenAddress({ email, canMail }: { email: string; canMail: boolean }) {
  const m = useTexts(registerTexts).taken;
  return (
    <section className="grid gap-3 rounded-md border border-line bg-sunken px-4 py-3 text-sm">
      {/* The field may show another address by now. */}
      <p className="wrap-anywhere">
        {m.text(email)} <TextLink to="/login">{m.signIn}</TextLink>
      </p>
      {canMail ? (
        <StayingForm action="/forgot" className="grid justify-items-start gap-2">
          {(busy) => (
            <>
              <p>{m.owner}</p>
              <Button type="submit" name="email" value={email} look="secondary" size="sm" aria-disabled={busy}>
                {m.send}
              </Button>
            </>
          )}
        </StayingForm>
      ) : null}
    </section>
  );
}
