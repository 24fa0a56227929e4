/** Password lengths. Apart from the policy, so that the browser does not load the policy's list of common passwords. */
export const passwordLimits = { min: 8, minForAdministrators: 12, max: 200 } as const;

/** What the limits count: characters, of which an emoji is one, as NIST SP 800-63B counts them. */
export const passwordLength = (password: string): number => [...password].length;
