/**
 * Seconds of execution in ten minutes at which we stop using a method. The cloud refuses it at 480, a self-hosted
 * portal at 420; the request that crosses the limit is still executed and may take a while.
 */
export const operatingStop = 400;
