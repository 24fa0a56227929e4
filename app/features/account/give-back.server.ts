import { redirect } from "@remix-run/node";
import { type MailedLink, takeBack } from "~server/privacy/take-back";
import { provenAddressCookie } from "~server/registration/proven-address";
import type { Services } from "~server/services";

/**
 * Gives the address back to the holder of its mailed link, and redirects to a registration that need not confirm it
 * again.
 */
export async function giveBack(services: Services, link: MailedLink) {
  const email = await takeBack(services, link);
  // The reloaded page says that the link no longer works.
  if (email === null) return redirect(`/${link.kind}/${encodeURIComponent(link.token)}`);
  return redirect("/register?yours", { headers: { "Set-Cookie": provenAddressCookie(services.env, email) } });
}
