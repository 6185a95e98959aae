/**
 * A page whose JSON text is built by PostgreSQL in one prepared statement and sent as it is: what it costs at least to read
 * those rows and to answer. It knows one query, and reads only the variables.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Pool } from 'pg';
import { z } from 'zod';
import { listenAndTell } from './tell-url.ts';

const [connectionString, owner] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2));
const pool = new Pool({ connectionString, max: 16 });
const bodySchema = z.object({ variables: z.object({ first: z.number(), after: z.string() }) });

const moment = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const typeName = (column: string, end: string): string => `initcap(${column}) || '${end}'`;
const isRetryable = `coalesce(failure_code not in ('GATEWAY_ERROR', 'REJECTED'), false)`;
const hasExpired = `coalesce(files_expire_at <= statement_timestamp(), false)`;

const files = `coalesce((
  select json_agg(json_build_object(
    '__typename', ${typeName("file ->> 'type'", 'File')},
    'id', page.id || '_' || (place - 1),
    'url', case when ${hasExpired} then null else file ->> 'url' end,
    'expiresAt', ${moment('files_expire_at')},
    'expired', ${hasExpired}
  ) order by place)
  from jsonb_array_elements(files) with ordinality as numbered (file, place)
), '[]')`;

const history = `(
  select json_agg(json_build_object('status', status, 'at', ${moment('at')}, 'message', message) order by revision)
  from task_event where task_id = page.id
)`;

const details = `
  '__typename', ${typeName('kind', 'Task')}, 'id', id, 'kind', kind, 'mode', mode, 'status', status, 'revision', revision,
  'prompt', prompt, 'operator', operator,
  'model', case when model_name is not null then json_build_object('name', model_name, 'version', model_version) end,
  'createdAt', ${moment('created_at')}, 'endedAt', ${moment('ended_at')},
  'canCancel', state = 'held', 'canRetry', request is not null and ${isRetryable}, 'estimate', null,
  'failure', case when failure_code is not null then
    json_build_object('code', failure_code, 'message', failure -> 'message', 'retryable', ${isRetryable}) end,
  'files', ${files}, 'history', ${history}`;

const statement = `
  with found as (select * from task where owner = $1 and id < $2 order by id desc limit $3::integer + 1),
  page as (select * from found order by id desc limit $3::integer)
  select json_build_object('data', json_build_object('tasks', json_build_object(
    'asOf', ${moment('statement_timestamp()')},
    'pageInfo', json_build_object(
      'hasNextPage', (select count(*) from found) > $3::integer,
      'endCursor', rtrim(translate(encode(convert_to('task:1:' || (select min(id::text) from page), 'utf8'), 'base64'), '+/', '-_'), '=')
    ),
    'nodes', (
      select json_agg(case kind
        when 'VIDEO' then json_build_object(${details}, 'resolution', resolution)
        else json_build_object(${details})
      end order by id desc)
      from page
    )
  )))::text as answer`;

async function answer(request: IncomingMessage): Promise<string> {
  const { first, after } = bodySchema.parse(JSON.parse(await text(request))).variables;
  const below = Buffer.from(after, 'base64url').toString().slice('task:1:'.length);
  const { rows } = await pool.query<{ answer: string }>({
    name: 'page',
    text: statement,
    values: [owner, below, first],
  });
  return rows[0]?.answer ?? '';
}

const server = createServer((request, response) => {
  answer(request).then(
    (json) => response.setHeader('Content-Type', 'application/json').end(json),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
await listenAndTell(server);
