import { Button } from "~/components/ui/button";
import { PostForm } from "~/components/ui/post-form";
import { confirmationTexts } from "~/features/account/confirmation-texts";
import { useTexts } from "~/i18n/locale";

/** Shown behind a mailed link: lets the owner of the address say that the registration is not theirs. */
export function NotMine() {
  const m = useTexts(confirmationTexts).link;
  return (
    <PostForm className="grid gap-2 border-t border-line pt-4">
      <p className="text-sm text-ink-soft">{m.notMineText}</p>
      <Button type="submit" name="intent" value="takeBack" look="secondary" size="sm">
        {m.notMine}
      </Button>
    </PostForm>
  );
}
