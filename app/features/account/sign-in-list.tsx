import { DateTime } from "~/components/ui/date-time";
import { deviceName } from "~/features/account/device-name";
import { accountTexts } from "~/features/account/texts";
import { useTexts } from "~/i18n/locale";
import type { SignInView } from "~server/auth/sign-in-history";

/** When and from where the account was signed in to, and when wrong passwords or codes were tried. */
export function SignInList({ signIns }: { signIns: SignInView[] }) {
  const { signIns: m, sessions } = useTexts(accountTexts);
  if (signIns.length === 0) return <p className="py-3 text-ink-soft">{m.none}</p>;
  return (
    <ul className="divide-y divide-line">
      {signIns.map((signIn) => (
        <li key={`${signIn.kind} ${signIn.at}`} className="flex flex-wrap items-baseline justify-between gap-x-4 py-3">
          <span className="min-w-0 wrap-anywhere">
            {signIn.kind !== "started"
              ? m[signIn.kind === "refused" ? "refused" : "codeRefused"](signIn.count)
              : [deviceName(signIn.userAgent) ?? sessions.unknown, signIn.address].filter(Boolean).join(" · ")}
          </span>
          <span className="text-sm text-ink-soft">
            <DateTime value={signIn.at} exact />
          </span>
        </li>
      ))}
    </ul>
  );
}
