import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { denseButton, denseCell, denseEntries, denseHead, denseName, denseRow } from "~/components/ui/dense-list";
import { tokensTexts } from "~/features/api-tokens/texts";
import { ActorName } from "~/features/users/actor-name";
import { useTexts } from "~/i18n/locale";
import type { ApiTokenView } from "~server/auth/api-tokens";

const columns = "lg:grid-cols-[minmax(0,5fr)_11rem_minmax(0,9fr)_minmax(0,7fr)_minmax(0,7fr)_5rem]";

/** Every token with its owner and its last use; those that still open something can be revoked. */
export function TokenList({ tokens, names }: { tokens: ApiTokenView[]; names: Record<string, string> }) {
  const m = useTexts(tokensTexts);
  return (
    <>
      <div aria-hidden="true" className={`${denseHead} ${columns}`}>
        {[m.name, m.state, m.may, m.lastUsed, m.owner].map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ul aria-label={m.list} className={denseEntries}>
        {tokens.map((token) => (
          <Token key={token.id} token={token} names={names} />
        ))}
      </ul>
    </>
  );
}

function Token({
  token: { id, name, userId, createdAt, expiresAt, scopes, lastUsedAt, lastUsedAddress, revokedAt, state },
  names,
}: {
  token: ApiTokenView;
  names: Record<string, string>;
}) {
  const m = useTexts(tokensTexts);
  return (
    <li className={`${denseRow} ${columns}`}>
      <p className="min-w-0 font-medium wrap-anywhere">{name}</p>
      <p className={`${denseCell} flex flex-wrap items-baseline gap-x-1.5`}>
        <Badge tone={state === "active" ? "good" : "plain"} look="line">
          {m.states[state]}
        </Badge>
        <span>
          {state === "active" ? `${m.until} ` : ""}
          <DateTime value={revokedAt ?? expiresAt} dateOnly short />
        </span>
      </p>
      <p className={denseCell}>
        <span className={denseName}>{m.may}: </span>
        {scopes.map((scope) => m.scopeShort[scope]).join(", ")}
      </p>
      <p className={denseCell}>
        {lastUsedAt ? (
          <>
            <span className={denseName}>{m.lastUsed}: </span>
            <DateTime value={lastUsedAt} short />
            {lastUsedAddress ? ` · ${lastUsedAddress}` : ""}
          </>
        ) : (
          m.neverUsed
        )}
      </p>
      <p className={denseCell}>
        <span className={denseName}>{m.owner}: </span>
        <ActorName actor={{ kind: "USER", id: userId }} names={names} />, <DateTime value={createdAt} dateOnly short />
      </p>
      {state !== "active" ? null : (
        <p className="max-lg:pt-1 lg:text-right">
          <ButtonLink
            to={`?revoke=${id}`}
            look="secondary"
            size="sm"
            className={denseButton}
            aria-label={m.revokeOf(name)}
          >
            {m.revoke}
          </ButtonLink>
        </p>
      )}
    </li>
  );
}
