import { pino } from 'pino';
import { z } from 'zod';
import type { Logger } from '../../src/logger.ts';

const line = z.object({ msg: z.string() });

/** Keeps what is said at `error` level. */
export function createRecordingLogger(errors: string[]): Logger {
  return pino({ level: 'error' }, { write: (text: string) => void errors.push(line.parse(JSON.parse(text)).msg) });
}
