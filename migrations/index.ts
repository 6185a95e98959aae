import type { Migrations } from '../src/store/migration.ts';
import * as tasks from './0001-tasks.ts';
import * as scheduling from './0002-scheduling.ts';
import * as apiKeys from './0003-api-keys.ts';
import * as heldByOwner from './0004-held-by-owner.ts';
import * as archive from './0005-archive.ts';
import * as webhooks from './0006-webhooks.ts';
import * as heldCount from './0007-held-count.ts';
import * as taskChanges from './0008-task-changes.ts';
import * as keysByAccount from './0009-keys-by-account.ts';
import * as wordsAtPunctuation from './0010-words-at-punctuation.ts';
import * as shareGroups from './0011-share-groups.ts';
import * as correctableEnds from './0012-correctable-ends.ts';
import * as webhookReceivers from './0013-webhook-receivers.ts';
import * as leaseClocks from './0014-lease-clocks.ts';
import * as filterKeys from './0016-filter-keys.ts';

/** Every migration, run in the order of their names. A migration that was released is never changed. */
export const migrations: Migrations = {
  '0001-tasks': tasks,
  '0002-scheduling': scheduling,
  '0003-api-keys': apiKeys,
  '0004-held-by-owner': heldByOwner,
  '0005-archive': archive,
  '0006-webhooks': webhooks,
  '0007-held-count': heldCount,
  '0008-task-changes': taskChanges,
  '0009-keys-by-account': keysByAccount,
  '0010-words-at-punctuation': wordsAtPunctuation,
  '0011-share-groups': shareGroups,
  '0012-correctable-ends': correctableEnds,
  '0013-webhook-receivers': webhookReceivers,
  '0014-lease-clocks': leaseClocks,
  '0016-filter-keys': filterKeys,
};
