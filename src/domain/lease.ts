/** The right to schedule an account, held by one process at a time; each new holder has a higher epoch. */
export type Lease = { epoch: bigint };

/** By database time, so that no machine's clock decides. */
export type LeaseKeeper = {
  /** Takes a lease that is free or has run out, or renews one's own. null while another process holds it. */
  acquire(): Promise<Lease | null>;
  release(): Promise<void>;
};

export const leaseTimes = { lastsMs: 10_000, renewEveryMs: 2_000 };
