/**
 * The seed of property tests. Fixed by default, so that a run of the suite is red only for a change that made it red;
 * `npm run test:repeat` gives each run another one and so looks further.
 */
export const propertySeed = Number(process.env.TEST_SEED ?? 1777);
