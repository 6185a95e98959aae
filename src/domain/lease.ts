/** One process at a time may schedule an account. Each new holder has a higher epoch. */
export type Lease = { epoch: bigint };

/** By database time, so that no machine's clock decides. */
export type LeaseKeeper = {
  /** Takes a free or expired lease, or renews one's own. null while another process holds it. */
  acquire(): Promise<Lease | null>;
  release(): Promise<void>;
};

export const leaseTimes = { lastsMs: 10_000, renewEveryMs: 2_000 };
