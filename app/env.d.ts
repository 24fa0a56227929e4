import "@remix-run/node";
import type { LoadContext } from "~server/app";

declare module "@remix-run/node" {
  interface AppLoadContext extends LoadContext {}
}
