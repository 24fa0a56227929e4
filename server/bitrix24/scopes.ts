/** Without these no registration is made. */
export const neededScopes = ["crm"];
/** Of each group one scope suffices. */
export const usefulScopes = [["catalog"], ["user", "user_basic", "user_brief"]];

/** What is to be ticked in a webhook's settings on the portal. */
export const scopesToTick = [...neededScopes, ...usefulScopes.map(([widest]) => widest)].join(", ");
