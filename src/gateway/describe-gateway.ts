import type { AccessConfig } from '../config/access.ts';
import type { Config } from '../config/config.ts';
import type { HttpServer } from '../http/server.ts';

export type Described = {
  /** What the parts say of themselves, without secrets. */
  database: string;
  upstream: string;
  archive: string | undefined;
  /** TaskIds that a process before this one could not record any more. */
  recovered: number;
  foreign: readonly { account: string; count: number }[];
  pageIsBuilt: boolean;
  server: HttpServer;
};

/** What the gateway runs on, in lines for a person. */
export function describeGateway(config: Config, described: Described): string[] {
  const { database, upstream, archive, recovered, foreign, pageIsBuilt, server } = described;
  return [
    `Database   ${database}`,
    `Upstream   ${upstream}`,
    ...(archive === undefined ? [] : [`Archive    ${archive}`]),
    `Callers    ${describeCallers(config, server)}`,
    ...(config.submissions === 'paused' ? ['Paused     held tasks are not sent (SUBMISSIONS=paused)'] : []),
    ...(recovered > 0 ? [`Recovered  ${recovered} TaskIds that came while the database was away`] : []),
    ...foreign.map((of) => `Left alone ${of.count} unfinished tasks of another upstream account, ${of.account}`),
    `Page       ${pageIsBuilt ? `${server.url}/` : 'not built: npm run build does that'}`,
    `GraphQL    ${server.url}/graphql  ${describeEndpoint(config.access)}`,
    `Health     ${server.url}/health/ready   Metrics  ${server.url}/metrics`,
  ];
}

/** Who may call, for a person. */
function describeCallers({ access: { modes }, host }: Config, server: HttpServer): string {
  if (modes.length === 0) return `anyone who reaches ${reachedAt(host, server)}, as one local caller (AUTH_MODE=none)`;
  const names = { 'api-key': 'an API key (npm run keys -- create)', jwt: 'a token' };
  return `callers with ${modes.map((mode) => names[mode]).join(' or ')}`;
}

/** What there is at `/graphql`, for a person. */
function describeEndpoint({ graphiql }: AccessConfig): string {
  const page = graphiql ? 'open it in a browser for GraphiQL; ' : '';
  return `(${page}WebSocket on the same path)`;
}

/** Where it listens on all addresses, it is reached by more than the one that it shows. */
function reachedAt(host: string, { url, port }: HttpServer): string {
  return host === '0.0.0.0' || host === '::' ? `this machine's port ${port}` : url;
}
