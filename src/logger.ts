import { pino, stdSerializers, type DestinationStream, type Logger as PinoLogger } from 'pino';

/** Structured logs: `logger.info({ taskId, requestId }, 'what happened')`. Secrets are never passed to it. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What PostgreSQL tells beside an error's message quotes rows, and so prompts: "Failing row contains (…)". */
const quoting = ['detail', 'where', 'internalQuery'];

export function createLogger(level: (typeof logLevels)[number], destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: withoutQuotes } };
  return destination ? pino(options, destination) : pino(options);
}

function withoutQuotes(error: Error): object {
  return Object.fromEntries(Object.entries(stdSerializers.err(error)).filter(([name]) => !quoting.includes(name)));
}

export const silentLogger: Logger = pino({ level: 'silent' });
