import type { TaskRow, TaskRows } from './task-rows.ts';

export type Context = { owner: string; rows: TaskRows; histories: ReturnType<TaskRows['createHistories']> };
type Page = { found: TaskRow[]; first: number };
type FileRow = { type: TaskRow['kind']; id: string; url: string; expiresAt: Date | null };

const typeNames = { IMAGE: 'Image', VIDEO: 'Video', AUDIO: 'Audio' };
const finalFailures = new Set(['GATEWAY_ERROR', 'REJECTED']);

const textOf = (moment: Date | null): string | null => moment && moment.toISOString();
const isRetryable = (code: string | null): boolean => code !== null && !finalFailures.has(code);
const hasExpired = ({ expiresAt }: FileRow): boolean => expiresAt !== null && expiresAt.getTime() <= Date.now();

const task = {
  model: ({ model_name: name, model_version: version }: TaskRow) => name && { name, version },
  createdAt: (row: TaskRow) => textOf(row.created_at),
  endedAt: (row: TaskRow) => textOf(row.ended_at),
  canCancel: ({ state }: TaskRow) => state === 'held',
  canRetry: ({ has_request: hasRequest, failure_code: code }: TaskRow) => hasRequest && isRetryable(code),
  // All of the rows have ended.
  estimate: () => null,
  failure: ({ failure_code: code, failure }: TaskRow) =>
    failure && { code, message: failure.message, retryable: isRetryable(code) },
  files: ({ id, files, files_expire_at: expiresAt }: TaskRow) =>
    files.map(({ type, url }, index): FileRow => ({ type, id: `${id}_${index}`, url, expiresAt })),
  history: ({ id }: TaskRow, _arguments: object, { histories }: Context) => histories.load(id),
};

const file = {
  url: (row: FileRow) => (hasExpired(row) ? null : row.url),
  expiresAt: (row: FileRow) => textOf(row.expiresAt),
  expired: hasExpired,
};

/** As one writes them by hand for these rows: without the gateway's checks of addresses, its archive and its estimates. */
export const resolvers = {
  Query: {
    async tasks(_root: unknown, { first, after }: { first: number; after: string }, { owner, rows }: Context) {
      const below = Buffer.from(after, 'base64url').toString().slice('task:1:'.length);
      return { found: await rows.list(owner, below, first + 1), first };
    },
    task: (_root: unknown, { id }: { id: string }, { owner, rows }: Context) => rows.find(owner, id),
  },
  TaskConnection: {
    asOf: ({ found }: Page) => textOf(found[0]?.as_of ?? null),
    pageInfo: ({ found, first }: Page) => ({
      hasNextPage: found.length > first,
      endCursor: Buffer.from(`task:1:${found[Math.min(first, found.length) - 1]?.id}`).toString('base64url'),
    }),
    nodes: ({ found, first }: Page) => found.slice(0, first),
  },
  Task: { resolveType: ({ kind }: TaskRow) => `${typeNames[kind]}Task` },
  ResultFile: { resolveType: ({ type }: FileRow) => `${typeNames[type]}File` },
  ImageTask: task,
  VideoTask: task,
  AudioTask: task,
  ImageFile: file,
  VideoFile: file,
  AudioFile: file,
  TaskEvent: { at: ({ at }: { at: Date }) => textOf(at) },
};
