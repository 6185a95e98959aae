import type { Caller } from '../domain/task.ts';

/** What a caller can be known by: the headers of a request, or those that stand for one on a WebSocket. */
export type Credentials = { headers: { get(name: string): string | null } };

/** Refuses by throwing a GraphQLError with the code UNAUTHENTICATED. */
export type Authenticate = (request: Credentials) => Promise<Caller>;

/** AUTH_MODE=none: whoever reaches the port is the one local caller. */
export const allowLocalCaller: Authenticate = () => Promise.resolve({ owner: 'local' });
