import { Link } from "@remix-run/react";
import { actorTexts } from "~/features/users/actor-texts";
import { useTexts } from "~/i18n/locale";
import type { ActorRef } from "~server/audit/actor";
import { actorKey } from "~server/audit/actor";

/** Who did it: by name where there is one, and for a person with a link to their page. */
export function ActorName({ actor, names }: { actor: ActorRef; names: Record<string, string> }) {
  const words = useTexts(actorTexts)[actor.kind](actor.id);
  const name = names[actorKey(actor)] ?? words;
  return actor.kind === "USER" ? (
    <Link
      to={`/admin/users/${actor.id}`}
      className="wrap-anywhere underline decoration-line underline-offset-4 hover:decoration-current"
    >
      {name}
    </Link>
  ) : (
    <span className="wrap-anywhere">{name}</span>
  );
}
