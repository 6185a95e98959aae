import * as tasks from './0001-tasks.ts';
import * as scheduling from './0002-scheduling.ts';
import * as apiKeys from './0003-api-keys.ts';
import * as heldByOwner from './0004-held-by-owner.ts';
import * as archive from './0005-archive.ts';
import * as webhooks from './0006-webhooks.ts';
import * as heldCount from './0007-held-count.ts';
import * as leaseClocks from './0014-lease-clocks.ts';

/** Every migration, run in the order of their names. A migration that was released is never changed. */
export const migrations = {
  '0001-tasks': tasks,
  '0002-scheduling': scheduling,
  '0003-api-keys': apiKeys,
  '0004-held-by-owner': heldByOwner,
  '0005-archive': archive,
  '0006-webhooks': webhooks,
  '0007-held-count': heldCount,
  '0014-lease-clocks': leaseClocks,
};
