/** The median and the 90th percentile of a task's end, and its progress, from 0 to below 1. */
export type Estimate = { expectedEndAt: Date; latestEndAt: Date; progress: number };
