/** Where people register by a form; only the first one has no address of its own. */
export const formPath = (slug: string | null): string => (slug === null ? "/register" : `/register/${slug}`);
