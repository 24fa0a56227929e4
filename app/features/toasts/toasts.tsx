import { useFetcher } from "@remix-run/react";
import { type FocusEvent, useEffect, useRef, useState } from "react";
import { mainId } from "~/components/layout/skip-link";
import { useTexts } from "~/i18n/locale";
import { isLost } from "~/page/lost-answer";
import { toastTexts } from "./texts";
import { dismissToast, markUndone, type Toast, type Undoing, useToast } from "./toast-store";

/** Long enough to read it and to decide. It stays while it is pointed at, or has the focus by keyboard. */
const shownMs = 10_000;

/**
 * The place of toasts. It is always there, since screen readers tell only what changes in a region that they know. A
 * toast is never the only place: the page says what was done, and has a button of its own to undo it.
 */
export function Toasts() {
  const toast = useToast();
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-20 flex justify-center lg:left-[15rem] print:hidden"
    >
      {toast ? <Shown key={toast.key} toast={toast} /> : null}
    </div>
  );
}

function Shown({ toast }: { toast: Toast }) {
  const m = useTexts(toastTexts);
  const { undo, key } = toast;
  const fetcher = useFetcher();
  const [isPointedAt, setPointedAt] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  const closing = useRef<HTMLButtonElement>(null);
  const isSending = fetcher.state === "submitting";
  // After a refusal too Remix loads the page's data again, unless the route decides: as showChanged does, after this one.
  const result = isSending || fetcher.data === undefined ? null : resultOf(undo.read, fetcher.data);
  const canUndo = result === null || result === "failed" || typeof result === "number";

  const stays = isPointedAt || hasFocus || fetcher.state !== "idle";
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(() => dismissToast(key), shownMs);
    return () => clearTimeout(timer);
  }, [stays, key]);

  useEffect(() => {
    if (result === "undone") markUndone(key);
  }, [result, key]);

  // The button that had the focus is gone.
  useEffect(() => {
    if (!canUndo && document.activeElement === document.body) closing.current?.focus();
  }, [canUndo]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is only watched whether its buttons are used.
    <div
      data-toast={key}
      onPointerEnter={() => setPointedAt(true)}
      onPointerLeave={() => setPointedAt(false)}
      onFocus={(event: FocusEvent) => setFocus(event.target.matches(":focus-visible"))}
      onBlur={() => setFocus(false)}
      className="pointer-events-auto flex max-w-full flex-wrap items-center gap-x-2 rounded-lg border border-edge bg-surface py-1 pr-1 pl-4 text-sm text-ink shadow-card"
    >
      <p className="min-w-0 py-1 font-medium wrap-anywhere">
        {isSending ? m.undoing : result === null ? toast.text : wordsOf(m, result)}
      </p>
      {canUndo ? (
        <fetcher.Form
          method="post"
          action={undo.action}
          onSubmit={(event) => {
            if (fetcher.state !== "idle") event.preventDefault();
          }}
        >
          {Object.entries(undo.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button type="submit" aria-disabled={fetcher.state !== "idle"} className={button}>
            {m.undo}
          </button>
        </fetcher.Form>
      ) : null}
      <button
        ref={closing}
        type="button"
        onClick={() => {
          dismissToast(key);
          document.getElementById(mainId)?.focus({ preventScroll: true });
        }}
        className={button}
      >
        {m.close}
      </button>
    </div>
  );
}

const button =
  "min-h-11 cursor-pointer rounded-md px-3 font-medium text-accent underline underline-offset-4 hover:text-accent-strong";

const resultOf = (read: Toast["undo"]["read"], answer: unknown): Undoing => (isLost(answer) ? "failed" : read(answer));

const wordsOf = (m: (typeof toastTexts)["en"], result: Undoing): string =>
  typeof result === "number" ? m.left(result) : m[result];
