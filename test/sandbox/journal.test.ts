import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/sandbox/journal.ts';
import { createDirectory, startTestSandbox } from './test-sandbox.ts';

let directory: string;
beforeEach(async () => {
  directory = await createDirectory();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const path = () => join(directory, 'tasks.jsonl');

async function createTasks(count: number): Promise<string[]> {
  await using running = await startTestSandbox({ directory });
  const create = () => running.create('CreateAigcImageTask', { Prompt: 'a red fox' });
  return await Promise.all(Array.from({ length: count }, create));
}

async function readTasks(speed = 1): Promise<string[]> {
  await using running = await startTestSandbox({ directory, speed });
  return running.sandbox.tasks().map((task) => JSON.stringify({ ...task, at: task.status(task.endsAt) }));
}

describe('a restart', () => {
  it('forgets no task, and lets none end otherwise or at another time', async () => {
    const taskIds = await createTasks(20);
    const before = await readTasks();
    expect(before.map((task) => JSON.parse(task).taskId)).toEqual(taskIds);
    expect(await readTasks(60)).toEqual(before);
  });

  it('goes on where the seed was', async () => {
    await createTasks(2);
    await createTasks(1);
    const ordinals = (await readTasks()).map((task) => JSON.parse(task).ordinal);
    expect(ordinals).toEqual([0, 1, 2]);
  });

  it('drops a line that a crash tore, and writes on behind the last whole one', async () => {
    const [first] = await createTasks(1);
    await appendFile(path(), '{"taskId":"4-AigcIma');
    const [second] = await createTasks(1);
    expect((await readTasks()).map((task) => JSON.parse(task).taskId)).toEqual([first, second]);
  });

  it('is refused by a journal that is damaged in the middle, and leaves the port free', async () => {
    await createTasks(1);
    await writeFile(path(), `garbage\n${await readFile(path(), 'utf8')}`);
    await expect(createTasks(1)).rejects.toThrow('damaged at line 1');
  });
});

it('has a task on disk before its Create is answered', async () => {
  await using running = await startTestSandbox({ directory });
  const taskId = await running.create('CreateAigcVideoTask', { Prompt: 'a storm' });
  expect(await readFile(path(), 'utf8')).toContain(taskId);
});

it('leaves the journal alone when the port is taken', async () => {
  await using running = await startTestSandbox({ directory });
  await running.create('CreateAigcVideoTask', { Prompt: 'a storm' });
  await appendFile(path(), 'being written');
  const port = Number(new URL(running.sandbox.endpoint).port);
  await expect(startTestSandbox({ directory, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(await readFile(path(), 'utf8')).toContain('being written');
});

it('is refused a journal that another sandbox writes to', async () => {
  await using running = await startTestSandbox({ directory });
  await running.create('CreateAigcVideoTask', { Prompt: 'a storm' });
  await appendFile(path(), 'being written');
  await expect(startTestSandbox({ directory })).rejects.toThrow(/^Another sandbox writes to .+TENCENTCLOUD_ENDPOINT/);
  expect(await readFile(path(), 'utf8')).toContain('being written');
});

it('keeps concurrent lines whole and in order', async () => {
  const journal = await openJournal(path());
  const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`);
  await Promise.all(lines.map((line) => journal.append(line)));
  await journal.close();
  expect((await readFile(path(), 'utf8')).split('\n')).toEqual([...lines, '']);
});
