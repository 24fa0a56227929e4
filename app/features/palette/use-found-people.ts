import { useEffect, useState } from "react";

export interface FoundPerson {
  id: number;
  firstName: string;
  lastName: string | null;
  email: string;
}

interface Found {
  q: string;
  /** Null: the search did not answer. */
  people: FoundPerson[] | null;
  more: boolean;
}

/** Shorter words find too many people to be of use. */
const shortest = 2;
/** Between two letters that are typed; a search for each would be a search too many. */
const pauseMs = 200;
const mostPeople = 8;

/** The people found by what was typed, as the list of people finds them; `more`: that list may show further ones. */
export function useFoundPeople(typed: string): {
  state: "unasked" | "searching" | "found" | "failed";
  people: FoundPerson[];
  more: boolean;
} {
  const q = typed.trim();
  const asks = [...q].length >= shortest;
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    if (!asks) return;
    const control = new AbortController();
    const timer = setTimeout(() => {
      search(q, control.signal).then(setFound, () => {
        if (!control.signal.aborted) setFound({ q, people: null, more: false });
      });
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [q, asks]);
  if (!asks) return { state: "unasked", people: [], more: false };
  if (found?.q !== q) return { state: "searching", people: [], more: false };
  return { state: found.people ? "found" : "failed", people: found.people ?? [], more: found.more };
}

async function search(q: string, signal: AbortSignal): Promise<Found> {
  const answer = await fetch(`/api/users/search?${new URLSearchParams({ q, limit: String(mostPeople) })}`, {
    signal,
    cache: "no-store",
  });
  if (!answer.ok) throw new Error(`The search answered ${answer.status}.`);
  const { users, next, complete } = (await answer.json()) as {
    users: FoundPerson[];
    next: string | null;
    complete: boolean;
  };
  return { q, people: users, more: next !== null || !complete };
}
