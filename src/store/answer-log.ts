import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AnswerLog } from '../domain/answer-log.ts';

const entrySchema = z.object({
  taskId: z.string(),
  attempt: z.number().int(),
  upstreamTaskId: z.string(),
  requestId: z.string().nullable(),
  answeredAt: z.coerce.date(),
});

/** One JSON line an answer; each is synced to disk before `append` resolves. It begins a line, whatever a crash left before it. */
export function createAnswerLog(path: string): AnswerLog {
  return {
    async append(answer) {
      await mkdir(dirname(path), { recursive: true });
      await using file = await open(path, 'a');
      await file.appendFile(`\n${JSON.stringify(answer)}\n`);
      await file.sync();
    },

    async readAll() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      return text.split('\n').flatMap(parseLine);
    },

    async clear() {
      await rm(path, { force: true });
    },
  };
}

/** A line that a crash cut off was never acknowledged to anybody: it is passed over. */
function parseLine(line: string) {
  if (line === '') return [];
  try {
    return [entrySchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
