/** In characters; `kinds`: how many consents the form asks for at most, since people read no more. */
export const consentLimits = { key: 20, label: 200, text: 6_000, kinds: 10 } as const;
