import type { LoggedAnswer, LoggedLine } from '../domain/answer-log.ts';
import { recordOnce, type OutcomeDependencies, type Recorded } from './record-outcome.ts';

/**
 * At start: records the TaskIds that an earlier process wrote to disk. Answers how many were recovered: the others had
 * been recorded before, or came too late. A line that can't be recorded goes into a file beside it, and keeps no other
 * from being recorded, and no start from going on. Throws when the database is away: all lines stay then, and may
 * be replayed any number of times.
 */
export async function replayAnswerLog(dependencies: OutcomeDependencies): Promise<number> {
  const { answerLog, logger } = dependencies;
  const lines = await answerLog.readAll();
  const rejected: LoggedLine[] = [];
  let recovered = 0;
  for (const line of lines) {
    const recorded = line.answer === null ? 'refused' : await replay(dependencies, line.answer);
    if (recorded === 'recorded' || recorded === 'gateway-error') recovered += 1;
    if (recorded === 'late') logger.warn(line.answer, 'A TaskId on disk had been recorded, or came too late.');
    if (recorded === 'refused') rejected.push(line);
  }
  if (await setAside(dependencies, rejected)) await answerLog.clear();
  return recovered;
}

async function replay(dependencies: OutcomeDependencies, logged: LoggedAnswer): Promise<Recorded> {
  const { taskId, attempt, answeredAt, ...answer } = logged;
  return await recordOnce(dependencies, { taskId, attempt }, { kind: 'accepted', answer, answeredAt });
}

/** False when they could not be written: then the file must stay as it is. */
async function setAside({ answerLog, logger }: OutcomeDependencies, rejected: readonly LoggedLine[]): Promise<boolean> {
  const { path: file, rejectedPath: movedTo } = answerLog;
  for (const { number, text, answer } of rejected) {
    const found = { file, line: number, movedTo, taskId: answer?.taskId ?? taskIdIn(text), ...answer };
    logger.error(found, 'A line of the answers on disk can not be recorded: it is set aside. Look for its TaskId.');
  }
  try {
    await answerLog.reject(rejected.map(({ text }) => text));
    return true;
  } catch (error) {
    logger.error(
      { file: movedTo, error: String(error) },
      'Answers could not be set aside; the next start tries again.',
    );
    return false;
  }
}

/** Of a line that is damaged, as far as it can be read. */
function taskIdIn(text: string): string | null {
  return /"taskId"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? null;
}
