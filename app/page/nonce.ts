import { createContext, useContext } from "react";

/** The nonce that the request's policy asks of every script; undefined in the browser, which has loaded them already. */
export const NonceContext = createContext<string | undefined>(undefined);
export const useNonce = () => useContext(NonceContext);
