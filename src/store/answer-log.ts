import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AnswerLog, LoggedAnswer } from '../domain/answer-log.ts';
import { ifPresent } from '../kit/system-error.ts';

const entrySchema = z.object({
  taskId: z.string(),
  attempt: z.number().int(),
  upstreamTaskId: z.string(),
  requestId: z.string().nullable(),
  answeredAt: z.coerce.date(),
});

/** One JSON line an answer; each is synced to disk before `append` resolves. It begins a line, whatever a crash left before it. */
export function createAnswerLog(path: string): AnswerLog {
  const rejectedPath = `${path.replace(/\.log$/, '')}.rejected.log`;
  return {
    path,
    rejectedPath,

    append: (answer) => appendLines(path, [JSON.stringify(answer)]),

    async readAll() {
      const lines = (await readLines(path)).map((text, index) => ({ number: index + 1, text, answer: parse(text) }));
      return lines.filter(({ text }) => text !== '');
    },

    async reject(texts) {
      const present = new Set(await readLines(rejectedPath));
      const added = texts.filter((text) => !present.has(text));
      if (added.length > 0) await appendLines(rejectedPath, added);
    },

    async clear() {
      await rm(path, { force: true });
    },
  };
}

async function appendLines(path: string, lines: readonly string[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await using file = await open(path, 'a');
  await file.appendFile(lines.map((line) => `\n${line}\n`).join(''));
  await file.sync();
}

async function readLines(path: string): Promise<string[]> {
  return ((await ifPresent(readFile(path, 'utf8'))) ?? '').split('\n');
}

function parse(text: string): LoggedAnswer | null {
  try {
    return entrySchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
