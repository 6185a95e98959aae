import { Client } from 'pg';
import { expect, test } from 'vitest';
import { decodeHeldHint, decodeHints, hintChannels, ownerTag } from '../../src/domain/task/task-hint.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createChangeAnnouncer } from '../../src/store/change-announcer.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { openStore, owner } from './open-store.ts';

async function openListener() {
  const store = await openStore();
  const client = new Client(store.connection);
  await client.connect();
  const heard: { channel: string; payload: string }[] = [];
  client.on('notification', ({ channel, payload = '' }) => heard.push({ channel, payload }));
  for (const channel of Object.values(hintChannels)) await client.query(`listen ${channel}`);
  const clock = createManualClock();
  return {
    store,
    clock,
    heard,
    announcer: createChangeAnnouncer(store.database, 'this-process', { clock, logger: silentLogger }),
    /** What was told so far arrives before the answer to a query that is asked later. */
    hearAll: () => client.query('select 1'),
    async [Symbol.asyncDispose]() {
      await client.end();
      await store[Symbol.asyncDispose]();
    },
  };
}

const taskId = (number: number): string => `0198c0de-0000-7000-8000-${String(number).padStart(12, '0')}`;

test('what is committed within 10 ms is told in one statement, and in as few notifications as hold it', async () => {
  await using opened = await openListener();
  const { announcer, clock, heard, store } = opened;
  for (let number = 0; number < 300; number += 1) announcer.changed({ id: taskId(number), owner, revision: 2 });
  announcer.held({ id: taskId(300), owner, kind: 'IMAGE', account: 'an account' });
  announcer.held({ id: taskId(300), owner, kind: 'IMAGE', account: 'an account' });
  announcer.followed(taskId(7));
  await clock.advance(9);
  expect(store.statements).toEqual([]);
  await clock.advance(1);
  await announcer.flush();
  await opened.hearAll();
  expect(store.statements).toHaveLength(1);

  const told = (channel: string) => heard.filter((notice) => notice.channel === channel).map(({ payload }) => payload);
  const hints = told(hintChannels.changed).flatMap(decodeHints);
  expect(hints).toHaveLength(300);
  expect(hints[299]).toEqual({ id: taskId(299), ownerTag: ownerTag(owner), revision: 2 });
  expect(told(hintChannels.changed).length).toBeLessThan(5);
  expect(told(hintChannels.held).map(decodeHeldHint)).toEqual([{ process: 'this-process', account: 'an account' }]);
  expect(told(hintChannels.followed)).toEqual([taskId(7)]);
});

test('a flush waits for everything that was announced before it, also for what is being told', async () => {
  await using opened = await openListener();
  const { announcer, clock, heard } = opened;
  announcer.changed({ id: taskId(1), owner, revision: 2 });
  await clock.advance(10);
  announcer.changed({ id: taskId(2), owner, revision: 2 });
  await clock.advance(10);
  await announcer.flush();
  await opened.hearAll();
  const told = heard.flatMap(({ payload }) => decodeHints(payload)).map(({ id }) => id);
  expect(told.toSorted()).toEqual([taskId(1), taskId(2)]);
});

test('a notification that fails breaks nothing, and the next one is sent', async () => {
  await using opened = await openListener();
  const { announcer, clock, heard } = opened;
  // PostgreSQL refuses a payload as long as this.
  announcer.followed('x'.repeat(9_000));
  await clock.advance(10);
  await announcer.flush();
  announcer.followed(taskId(1));
  await clock.advance(10);
  await announcer.flush();
  await opened.hearAll();
  expect(heard.map(({ payload }) => payload)).toEqual([taskId(1)]);
});
