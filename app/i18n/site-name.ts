import { createContext, useContext } from "react";

/** The owner's name for the site where the frame has no data, as after a form that was refused with an error page. */
export const SiteNameContext = createContext<string | null>(null);
export const useSiteName = () => useContext(SiteNameContext);

/** The name of the tag that tells it to the browser there. */
export const siteNameTag = "application-name";
