import { startPortal } from "../e2e/portal/server";

/** The stand-in portal in a process of its own, so that what it does is not felt where times are taken. */
const { url, webhookUrl } = await startPortal(JSON.parse(process.argv[2] ?? "{}"));
process.on("disconnect", () => process.exit(0));
process.send?.({ url, webhookUrl });
