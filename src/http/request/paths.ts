import type { IncomingMessage } from 'node:http';

/** Where one thing is. What anybody may send is counted under these, or under a folder, and else as `other`. */
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

/** What requests for a path are counted as. */
export function routeOf(path: string): string {
  const route = Object.values(paths).find((known) => known === path);
  return route ?? folders.find((folder) => path.startsWith(`${folder}/`)) ?? 'other';
}
