/** How long a password may be. Apart from the policy, so that the browser learns the limits without its list of common passwords. */
export const passwordLimits = { min: 8, minForAdministrators: 12, max: 200 } as const;
