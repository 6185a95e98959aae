export type JobContext = {
  /** 1 at the first run. A run that was cut off by a crash counts. */
  attempt: number;
  maxAttempts: number;
  /** The process stops, or the job may have been given to another: end soon, by rejecting. */
  signal: AbortSignal;
};

/** Rejecting means: again, after a pause that grows from seconds to hours. It may run twice at once, after a stall. */
export type JobHandler = (payload: unknown, context: JobContext) => Promise<void>;

export type JobSpec = {
  /** While there is a job of this key that will still run, or does, no other is added. */
  key: string;
  /** The smallest first, from -32768 to 32767; within one, the earliest `runAt`. */
  priority?: number;
  /** Now without it. */
  runAt?: Date;
  /** The n-th run is followed by a pause of e^n seconds, at most e^10 (6 hours). */
  maxAttempts: number;
};
