import type { ActorRef } from "./audit";

/** Names an actor among others, for example in a table of their names. */
export const actorKey = ({ kind, id }: ActorRef): string => `${kind}:${id ?? ""}`;
