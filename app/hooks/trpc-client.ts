import { createTRPCClient, httpSubscriptionLink } from "@trpc/client";
import type { AppRouter } from "~server/trpc/router";

/** For pages that watch: what they load and send goes through their own loaders and actions. */
export const trpc = createTRPCClient<AppRouter>({ links: [httpSubscriptionLink({ url: "/api/trpc" })] });
