/** Seconds of execution in ten minutes at which a portal refuses a method. */
export const operatingLimits = { cloud: 480, selfHosted: 420 } as const;

/** Where we stop using the method: the request that crosses the limit is still executed and may take a while. */
export const operatingStop = 400;
