import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { tokensTexts } from "~/features/api-tokens/texts";
import { ActorName } from "~/features/users/actor-name";
import { useTexts } from "~/i18n/locale";
import type { ApiTokenView } from "~server/auth/api-tokens";

/** Every token with its owner and its last use; those that still open something can be revoked. */
export function TokenList({ tokens, names }: { tokens: ApiTokenView[]; names: Record<string, string> }) {
  const m = useTexts(tokensTexts);
  return (
    <ul aria-label={m.list} className="divide-y divide-line">
      {tokens.map(
        ({ id, name, userId, createdAt, expiresAt, scopes, lastUsedAt, lastUsedAddress, revokedAt, state }) => (
          <li key={id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3 sm:px-5">
            <div className="grid min-w-0 gap-1">
              <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 font-medium">
                <span className="min-w-0 wrap-anywhere">{name}</span>
                <Badge tone={state === "active" ? "good" : "plain"}>{m.states[state]}</Badge>
              </p>
              <p className="text-sm text-ink-soft">
                <DateTime value={createdAt} dateOnly /> · {m.owner}{" "}
                <ActorName actor={{ kind: "USER", id: userId }} names={names} />
              </p>
              <p className="text-sm text-ink-soft">
                {m.may}: {scopes.map((scope) => m.scopeShort[scope]).join(", ")} · {m.expires}{" "}
                <DateTime value={expiresAt} dateOnly />
              </p>
              <p className="text-sm text-ink-soft">
                {lastUsedAt ? (
                  <>
                    {m.lastUsed}: <DateTime value={lastUsedAt} />
                    {lastUsedAddress ? ` · ${lastUsedAddress}` : ""}
                  </>
                ) : (
                  m.neverUsed
                )}
                {revokedAt ? (
                  <>
                    {" "}
                    · {m.revokedAt} <DateTime value={revokedAt} dateOnly />
                  </>
                ) : null}
              </p>
            </div>
            {state !== "active" ? null : (
              <ButtonLink to={`?revoke=${id}`} look="secondary" size="sm" aria-label={m.revokeOf(name)}>
                {m.revoke}
              </ButtonLink>
            )}
          </li>
        ),
      )}
    </ul>
  );
}
