import { createContext, useContext } from "react";

/** The installation's zone, by whose days and clock everything is shown. */
export const ZoneContext = createContext("UTC");
export const useTimeZone = () => useContext(ZoneContext);
