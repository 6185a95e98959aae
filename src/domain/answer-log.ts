import type { Attempt } from './submission.ts';
import type { CreateAnswer } from './upstream.ts';

/** A TaskId that came while the database was away: paid for, so it must not be lost. */
export type LoggedAnswer = Attempt & CreateAnswer & { answeredAt: Date };

/** A file beside the database, written when the database can't be, read at the next start. */
export type AnswerLog = {
  /** Resolves when it is on disk. */
  append(answer: LoggedAnswer): Promise<void>;
  readAll(): Promise<LoggedAnswer[]>;
  /** Forgets all; called once everything in it is recorded. */
  clear(): Promise<void>;
};
