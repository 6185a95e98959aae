import type { Attempt } from './task/submission.ts';
import type { CreateAnswer } from './upstream.ts';

/** A TaskId that arrived while the database was away: it is paid for, so it must not be lost. */
export type LoggedAnswer = Attempt & CreateAnswer & { answeredAt: Date };

/** `number` counts from 1. `answer` is null for a line that a crash cut off, or that is damaged. */
export type LoggedLine = { number: number; text: string; answer: LoggedAnswer | null };

/** A file beside the database, written when the database can't be, read at the next start. */
export type AnswerLog = {
  readonly path: string;
  /** Keeps the lines that can't be recorded. */
  readonly rejectedPath: string;
  append(answer: LoggedAnswer): Promise<void>;
  readAll(): Promise<LoggedLine[]>;
  /** Keeps lines for a person to look at. Resolves when they are on disk; a line that is there already is not repeated. */
  reject(texts: readonly string[]): Promise<void>;
  /** Deletes all lines, once everything in the file is recorded or rejected. */
  clear(): Promise<void>;
};
