/** Password lengths. Apart from the policy, so that the browser does not load the policy's list of common passwords. */
export const passwordLimits = { min: 8, minForAdministrators: 12, max: 200 } as const;
