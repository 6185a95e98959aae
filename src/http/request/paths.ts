import type { IncomingMessage } from 'node:http';

/** Requests are counted under one of these paths, a folder, or `other`: their number must not depend on callers. */
export const paths = {
  page: '/',
  graphql: '/graphql',
  live: '/health/live',
  ready: '/health/ready',
  metrics: '/metrics',
} as const;

const folders = ['/files', '/graphiql', '/page'];

export function pathOf({ url }: IncomingMessage): string {
  return url?.split('?', 1)[0] ?? '';
}

export function routeOf(path: string): string {
  const route = Object.values(paths).find((known) => known === path);
  return route ?? folders.find((folder) => path.startsWith(`${folder}/`)) ?? 'other';
}
