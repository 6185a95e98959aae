import type { OwnerLimit, Quotas } from '../../src/domain/task/quota.ts';

const unlimited: OwnerLimit = { default: null, byOwner: new Map() };

export const noQuotas: Quotas = { tasksInFlight: unlimited, createsPerMinute: unlimited };
