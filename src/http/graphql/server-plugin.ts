import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Identity } from '../authentication/authentication.ts';

export type ServerContext = { identity: Identity; req?: IncomingMessage; res?: ServerResponse };

export type ServerPlugin = Plugin<ServerContext, ServerContext>;
