import type { Portal } from "../portal";
import { type Html, html } from "./html";
import type { PageText } from "./text";

/** What programs have told the portal's people, newest first; nothing where nobody was told. */
export function messageList(portal: Portal, text: PageText, shown: number): Html {
  const messages = [...portal.notifications.values()].reverse();
  if (messages.length === 0) return html``;
  const nameOf = (userId: number) => {
    const user = portal.settings.users.find(({ id }) => id === userId);
    return user ? `${user.name} ${user.lastName}` : String(userId);
  };
  return html`<section aria-labelledby="messages">
<h2 id="messages">${text.messages}: <span data-message-count>${messages.length}</span></h2>
${messages.slice(0, shown).map(
  ({ id, userId, message }) => html`<article data-message="${id}" data-receiver="${userId}">
<div class="top"><h3>${nameOf(userId)}</h3><span class="quiet">№ ${id}</span></div>
<p class="typed">${message}</p>
</article>`,
)}
${messages.length > shown ? html`<p class="quiet">${text.more(messages.length - shown)}</p>` : ""}
</section>`;
}
