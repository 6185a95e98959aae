import { pino } from 'pino';
import { z } from 'zod';
import type { Logger } from '../../src/kit/logger.ts';

const line = z.object({ msg: z.string() });

/** Keeps what is said at `error` level, or from another one on. */
export function createRecordingLogger(errors: string[], level: 'error' | 'warn' = 'error'): Logger {
  return pino({ level }, { write: (text: string) => void errors.push(line.parse(JSON.parse(text)).msg) });
}
