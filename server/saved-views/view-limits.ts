/**
 * Of one list: private ones of an administrator, and shared ones together. In a file of its own, so that the page can
 * name it.
 */
export const maxViews = 20;
