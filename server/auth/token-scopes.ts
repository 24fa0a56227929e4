/**
 * What a token may be allowed: reading people and their history, changing payments, sending registrations again,
 * registering people.
 */
export const tokenScopes = ["read", "payments", "registrations", "register"] as const;

export type TokenScope = (typeof tokenScopes)[number];

export const isTokenScope = (text: unknown): text is TokenScope => tokenScopes.some((scope) => scope === text);

/** How long a token may live, in days. */
export const tokenDays = { usual: 365, most: 1_095 } as const;
