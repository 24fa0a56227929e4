import { useEffect, useSyncExternalStore } from "react";

const path = "/admin/users";
const never = () => () => {};

/** In the page's memory only: a search is personal data, and nothing of it is to outlive the tab. */
let left = path;

/** Remembers filter and page of the list of people that is shown, for the way back from one of them. */
export function useRememberList(search: string): void {
  useEffect(() => {
    left = path + search;
  }, [search]);
}

/** The list that was shown last; all people without scripts and after a reload. */
export const useLeftList = (): string =>
  useSyncExternalStore(
    never,
    () => left,
    () => path,
  );
