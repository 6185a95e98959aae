/** A limit for every owner, and other ones for some. null: none. */
export type OwnerLimit = { usual: number | null; byOwner: ReadonlyMap<string, number> };

export type Quotas = {
  /** Tasks that have not ended. */
  tasksInFlight: OwnerLimit;
  /** Tasks recorded within the last 60 seconds: retries and adopted ones too. */
  createsPerMinute: OwnerLimit;
};

/** What one owner may have; null: any number. */
export type Quota = { tasksInFlight: number | null; createsPerMinute: number | null };

/** What one owner has, counted no further than was asked for. */
export type QuotaUse = { tasksInFlight: number; createsLastMinute: number };

/** A caller, with what it has and may have. */
export type Viewer = QuotaUse & { owner: string; quota: Quota };

/** The quota in whose way a further task is, and how much of it is taken. */
export type FullQuota = { name: keyof Quota; limit: number; used: number };

export const unlimited: OwnerLimit = { usual: null, byOwner: new Map() };

export const noQuotas: Quotas = { tasksInFlight: unlimited, createsPerMinute: unlimited };

export function quotaOf({ tasksInFlight, createsPerMinute }: Quotas, owner: string): Quota {
  return { tasksInFlight: limitOf(tasksInFlight, owner), createsPerMinute: limitOf(createsPerMinute, owner) };
}

export function limitOf({ usual, byOwner }: OwnerLimit, owner: string): number | null {
  return byOwner.get(owner) ?? usual;
}

export function isUnlimited(quota: Quota): boolean {
  return quota.tasksInFlight === null && quota.createsPerMinute === null;
}

/** null while there is room for one more. */
export function fullQuota(quota: Quota, { tasksInFlight, createsLastMinute }: QuotaUse): FullQuota | null {
  if (quota.tasksInFlight !== null && tasksInFlight >= quota.tasksInFlight) {
    return { name: 'tasksInFlight', limit: quota.tasksInFlight, used: tasksInFlight };
  }
  if (quota.createsPerMinute !== null && createsLastMinute >= quota.createsPerMinute) {
    return { name: 'createsPerMinute', limit: quota.createsPerMinute, used: createsLastMinute };
  }
  return null;
}
