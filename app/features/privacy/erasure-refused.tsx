import { Alert } from "~/components/ui/alert";
import { AskFirst } from "~/components/ui/ask-first";
import { Button } from "~/components/ui/button";
import { PostForm } from "~/components/ui/post-form";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { ErasureView } from "~server/privacy/erasures";
import { reasonOf } from "~server/queue/reasons";

/**
 * Why the portal rejects an erasure, and what an administrator can do. Nothing has to be done once the records are
 * erased: removing the visit and the message is retried a few times. Renders nothing where no attempt was rejected.
 */
export function ErasureRefused({ erasure, hasStarted }: { erasure: ErasureView; hasStarted: boolean }) {
  const m = useTexts(rightsTexts).refused;
  const locale = useLocale();
  const { userId, state, error, attempts, mode, counts } = erasure;
  if (state === "done") return null;
  if (Object.keys(counts).length > 0) return <Alert tone="wait">{m.beside}</Alert>;
  if (!error || attempts === 0) return hasStarted ? <Alert tone="wait">{m.started}</Alert> : null;
  return (
    <div data-refused className="grid justify-items-start gap-3">
      <h2 className="text-lg font-semibold">{m.title}</h2>
      <p>{reasonOf(locale, { code: error, reach: "one" }).what}</p>
      <p className="text-sm">{m.todo}</p>
      <PostForm>
        <Button type="submit" name="intent" value="again">
          {m.again}
        </Button>
      </PostForm>
      {mode === "delete" ? null : (
        <AskFirst label={m.remove}>
          <PostForm className="grid justify-items-start gap-3">
            <p>{m.removeAsk(userId)}</p>
            <Button type="submit" name="intent" value="delete" look="secondary">
              {m.removeNow(userId)}
            </Button>
          </PostForm>
        </AskFirst>
      )}
    </div>
  );
}
