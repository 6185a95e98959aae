export type OwnerLimit = { default: number | null; byOwner: ReadonlyMap<string, number> };

export type Quotas = {
  tasksInFlight: OwnerLimit;
  /** Recorded within the last 60 seconds, also by a retry or an adoption. */
  createsPerMinute: OwnerLimit;
};

export type Quota = { tasksInFlight: number | null; createsPerMinute: number | null };

/** Counted only up to the owner's limits. */
export type QuotaUse = { tasksInFlight: number; createsLastMinute: number };

export type Viewer = QuotaUse & { owner: string; quota: Quota };

export type FullQuota = { name: keyof Quota; limit: number; used: number };

export function quotaOf({ tasksInFlight, createsPerMinute }: Quotas, owner: string): Quota {
  return { tasksInFlight: limitOf(tasksInFlight, owner), createsPerMinute: limitOf(createsPerMinute, owner) };
}

export function limitOf({ default: byDefault, byOwner }: OwnerLimit, owner: string): number | null {
  return byOwner.get(owner) ?? byDefault;
}

export function isUnlimited(quota: Quota): boolean {
  return quota.tasksInFlight === null && quota.createsPerMinute === null;
}

export function fullQuota(quota: Quota, { tasksInFlight, createsLastMinute }: QuotaUse): FullQuota | null {
  if (quota.tasksInFlight !== null && tasksInFlight >= quota.tasksInFlight) {
    return { name: 'tasksInFlight', limit: quota.tasksInFlight, used: tasksInFlight };
  }
  if (quota.createsPerMinute !== null && createsLastMinute >= quota.createsPerMinute) {
    return { name: 'createsPerMinute', limit: quota.createsPerMinute, used: createsLastMinute };
  }
  return null;
}
