/** Yoga with the gateway's schema and nothing else: no plugins, no limits, no checks of requests, no log. */
import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { schema } from '../../../../schema/index.ts';
import { listenAndTell } from './tell-url.ts';

const yoga = createYoga({
  schema,
  maxRequestBodySize: false,
  multipart: false,
  cors: false,
  graphiql: false,
  landingPage: false,
  logging: false,
});
await listenAndTell(createServer((request, response) => void yoga(request, response)));
