import DataLoader from 'dataloader';
import { Pool } from 'pg';

export type TaskRow = {
  id: string;
  kind: 'IMAGE' | 'VIDEO' | 'AUDIO';
  state: string;
  model_name: string | null;
  model_version: string | null;
  created_at: Date;
  ended_at: Date | null;
  has_request: boolean;
  failure_code: string | null;
  failure: { message: string } | null;
  files: { type: 'IMAGE' | 'VIDEO' | 'AUDIO'; url: string }[];
  files_expire_at: Date | null;
  as_of: Date;
};

type EventRow = { task_id: string; status: string; at: Date; message: string | null };

export type TaskRows = {
  /** The newest ones below an id. */
  list(owner: string, below: string, limit: number): Promise<TaskRow[]>;
  find(owner: string, id: string): Promise<TaskRow | null>;
  /** Of all tasks that are asked for in one tick by one read. For one request. */
  createHistories(): DataLoader<string, EventRow[]>;
};

const columns = `
  id, kind, mode, state, status, revision, prompt, operator, model_name, model_version, created_at, ended_at, resolution,
  request is not null as has_request, failure_code, failure, files, files_expire_at, statement_timestamp() as as_of`;

const statements = {
  list: `select ${columns} from task where owner = $1 and id < $2 order by id desc limit $3`,
  find: `select ${columns} from task where owner = $1 and id = $2`,
  histories: 'select task_id, status, at, message from task_event where task_id = any($1) order by task_id, revision',
};

/** With `named`, a session parses and plans each statement only once. */
export function createTaskRows(connectionString: string, { named }: { named: boolean }): TaskRows {
  // As many connections as the gateway has for its callers.
  const pool = new Pool({ connectionString, max: 16 });
  const read = async <Row extends object>(name: keyof typeof statements, values: unknown[]): Promise<Row[]> => {
    const text = statements[name];
    const { rows } = await pool.query<Row>(named ? { name, text, values } : { text, values });
    return rows;
  };
  const findHistories = async (ids: readonly string[]): Promise<EventRow[][]> => {
    const histories = new Map<string, EventRow[]>(ids.map((id) => [id, []]));
    for (const event of await read<EventRow>('histories', [ids])) histories.get(event.task_id)?.push(event);
    return ids.map((id) => histories.get(id) ?? []);
  };
  return {
    list: (owner, below, limit) => read('list', [owner, below, limit]),
    find: async (owner, id) => (await read<TaskRow>('find', [owner, id]))[0] ?? null,
    createHistories: () => new DataLoader(findHistories, { cache: false }),
  };
}
