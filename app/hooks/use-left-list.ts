import { useEffect, useSyncExternalStore } from "react";
import { wholeSearch } from "~server/users/filter";

const path = "/admin/users";
const whole = path + wholeSearch;
const never = () => () => {};

/** Only in memory: a search is personal data and must not outlive the tab. */
let left = whole;

/** Remembers the filter and page of the list of people, for the way back from a person. */
export function useRememberList(search: string): void {
  useEffect(() => {
    left = path + (search || wholeSearch);
  }, [search]);
}

/** The list that was shown last; all people without scripts and after a reload. */
export const useLeftList = (): string =>
  useSyncExternalStore(
    never,
    () => left,
    () => whole,
  );
