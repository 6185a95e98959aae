/** When a task probably ends: the median, the 90th percentile, and how far it is, from 0 to below 1. */
export type Estimate = { expectedEndAt: Date; latestEndAt: Date; progress: number };
