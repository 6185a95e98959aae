import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AnswerLog, LoggedAnswer } from '../../src/domain/answer-log.ts';
import { createAnswerLog } from '../../src/store/answer-log.ts';

async function openLog() {
  const directory = await mkdtemp(join(tmpdir(), 'answers-'));
  const path = join(directory, 'data', 'answers.log');
  return {
    log: createAnswerLog(path),
    path,
    directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

function answer(number: number): LoggedAnswer {
  return {
    taskId: `task-${number}`,
    attempt: number,
    upstreamTaskId: `4-AigcImage-${number}`,
    requestId: number % 2 === 0 ? null : `request "${number}"\n`,
    answeredAt: new Date(Date.UTC(2026, 0, 1, 0, 0, number)),
  };
}

const answersIn = async (log: AnswerLog) => (await log.readAll()).map((line) => line.answer);

test('answers come back as they were written, in order, from a folder that was not there', async () => {
  await using opened = await openLog();
  expect(await opened.log.readAll()).toEqual([]);
  for (const number of [1, 2, 3]) await opened.log.append(answer(number));
  expect(await answersIn(createAnswerLog(opened.path))).toEqual([answer(1), answer(2), answer(3)]);
});

test('many at once are all kept', async () => {
  await using opened = await openLog();
  const answers = Array.from({ length: 50 }, (_, number) => answer(number));
  await Promise.all(answers.map((one) => opened.log.append(one)));
  const kept = await answersIn(opened.log);
  expect(kept.toSorted((one, other) => (one?.attempt ?? 0) - (other?.attempt ?? 0))).toEqual(answers);
});

test('a line that a crash cut off costs neither what is before nor what comes after, and is told by its number', async () => {
  await using opened = await openLog();
  await opened.log.append(answer(1));
  const whole = await readFile(opened.path, 'utf8');
  for (let length = 1; length < whole.trim().length; length += 7) {
    await opened.log.clear();
    await opened.log.append(answer(1));
    const part = whole.trimStart().slice(0, length);
    await appendFile(opened.path, part);
    await opened.log.append(answer(2));
    expect(await answersIn(opened.log)).toEqual([answer(1), null, answer(2)]);
    expect((await opened.log.readAll())[1]).toEqual({ number: 3, text: part, answer: null });
  }
});

test('what is cleared is forgotten, and clearing nothing is fine', async () => {
  await using opened = await openLog();
  await opened.log.clear();
  await opened.log.append(answer(1));
  await opened.log.clear();
  expect(await opened.log.readAll()).toEqual([]);
});

test('a file that is there and can not be read is not taken for an empty one', async () => {
  await using opened = await openLog();
  await expect(createAnswerLog(opened.directory).readAll()).rejects.toThrow('EISDIR');
});

test('what is set aside lies in a file beside it, each line once', async () => {
  await using opened = await openLog();
  expect(opened.log.rejectedPath).toBe(opened.path.replace('answers.log', 'answers.rejected.log'));
  await opened.log.reject([]);
  await expect(readFile(opened.log.rejectedPath)).rejects.toThrow('ENOENT');
  await opened.log.reject(['one', 'two']);
  await createAnswerLog(opened.path).reject(['two', 'three']);
  const lines = (await readFile(opened.log.rejectedPath, 'utf8')).split('\n').filter((line) => line !== '');
  expect(lines).toEqual(['one', 'two', 'three']);
});
