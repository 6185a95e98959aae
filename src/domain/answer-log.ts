import type { Attempt } from './task/submission.ts';
import type { CreateAnswer } from './upstream.ts';

/** A TaskId that arrived while the database was away. Its task is paid for, so it must not be lost. */
export type LoggedAnswer = Attempt & CreateAnswer & { answeredAt: Date };

/** `number` counts from 1. `answer` is null for a line that is damaged or was cut off by a crash. */
export type LoggedLine = { number: number; text: string; answer: LoggedAnswer | null };

/** A file that is written while the database can't be, and read at the next start. */
export type AnswerLog = {
  readonly path: string;
  readonly rejectedPath: string;
  append(answer: LoggedAnswer): Promise<void>;
  readAll(): Promise<LoggedLine[]>;
  /** Keeps lines that can't be recorded for a person to look at, each once. Resolves when they are on disk. */
  reject(texts: readonly string[]): Promise<void>;
  /** Deletes all lines, once each is recorded or rejected. */
  clear(): Promise<void>;
};
