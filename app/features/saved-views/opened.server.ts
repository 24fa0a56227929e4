import { redirect } from "@remix-run/node";
import { listViews, type SavedView, type ViewList } from "~server/saved-views/saved-views";
import type { Services } from "~server/services";

/** A view as the page shows it. */
export interface ShownView extends SavedView {
  /** The list shows what the view asks for. */
  isCurrent: boolean;
}

/** What a list's page needs to know of the saved views. */
export interface OpenedViews {
  views: ShownView[];
  /** The name of the opened view, where its filters are no longer all understood. */
  stale: string | null;
  /** The address of the whole list. */
  whole: string;
  /** Where forms are sent from a page without a filter, whose own address may lead to the default view; null: to the page. */
  sendTo: string | null;
}

interface Address {
  /** The search of the page's address as it came. */
  search: string;
  /** A search with a blank filter: the whole list, also where an address without any leads to a default view. */
  blank: string;
  /** Parameters of it that the list's parser does not understand. */
  ignored: string[];
  /** The filter of a search, as the list's parser understands it. */
  filterOf: (search: string) => string;
}

/**
 * The saved views for a page of a list. An address without any filter leads to the administrator's default view; the whole
 * list then has an address with a blank filter.
 */
export async function openViews(
  services: Services,
  { list, userId, path, search, blank, ignored, filterOf }: Address & { list: ViewList; userId: number; path: string },
): Promise<OpenedViews> {
  const views = await listViews(services, { list, userId });
  const first = views.find(({ isDefault }) => isDefault);
  if (search === "" && first) throw redirect(path + first.query);
  const filter = filterOf(search);
  const opened = views.map((view) => ({
    ...view,
    // A view of which no filter is understood any more is the whole list's only where it was opened itself.
    isCurrent: view.query === search || (filter !== "" && filterOf(view.query) === filter),
  }));
  const stale = ignored.length > 0 ? opened.find(({ query }) => query === search) : undefined;
  return {
    views: opened,
    stale: stale?.name ?? null,
    whole: first ? path + blank : path,
    // After “Set as default” the page is loaded again: led to the default view it would lose its answer.
    sendTo: search === "" ? path + blank : null,
  };
}
