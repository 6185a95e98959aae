import * as tasks from './0001-tasks.ts';
import * as scheduling from './0002-scheduling.ts';

/** Every migration, run in the order of their names. A migration that was released is never changed. */
export const migrations = {
  '0001-tasks': tasks,
  '0002-scheduling': scheduling,
};
