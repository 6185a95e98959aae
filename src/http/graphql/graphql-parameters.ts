import * as z from 'zod';
import { RefusedRequest } from '../request/refused-request.ts';

const map = z.record(z.string(), z.unknown());

/** Further parameters are ignored, as GraphQL over HTTP asks. */
const graphqlParameters = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: map.nullish(),
  extensions: map.nullish(),
});

export type GraphQLParameters = z.infer<typeof graphqlParameters>;

export function parseGraphQLParameters(body: unknown): GraphQLParameters {
  const parsed = graphqlParameters.safeParse(body);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path[0] ?? 'body'))].join(', ');
  throw new RefusedRequest(
    400,
    `Send one JSON object { query, variables, operationName, extensions }, with a string as query. Wrong here: ${fields}.`,
  );
}
