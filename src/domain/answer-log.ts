import type { Attempt } from './task/submission.ts';
import type { CreateAnswer } from './upstream.ts';

/** A TaskId that came while the database was away: paid for, so it must not be lost. */
export type LoggedAnswer = Attempt & CreateAnswer & { answeredAt: Date };

/** `number` counts from 1, as editors do. `answer` is null where the line is none: cut off by a crash, or damaged. */
export type LoggedLine = { number: number; text: string; answer: LoggedAnswer | null };

/** A file beside the database, written when the database can't be, read at the next start. */
export type AnswerLog = {
  readonly path: string;
  /** Where lines go that can't be recorded. */
  readonly rejectedPath: string;
  /** Resolves when it is on disk. */
  append(answer: LoggedAnswer): Promise<void>;
  /** Without empty lines. */
  readAll(): Promise<LoggedLine[]>;
  /** Keeps lines for a person. Resolves when they are on disk; one that is there already is not written again. */
  reject(texts: readonly string[]): Promise<void>;
  /** Forgets all; called once everything in it is recorded or set aside. */
  clear(): Promise<void>;
};
