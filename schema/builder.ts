import SchemaBuilder from '@pothos/core';
import errorsPlugin from '@pothos/plugin-errors';
import type { ChangePlace } from '../src/domain/task/change-place.ts';
import type { GraphQLContext } from './context.ts';
import { errorCodes } from './errors.ts';
import { queryLimits, queryLimitsPlugin, tooComplex, assumedListSize } from './query-limits.ts';

export const builder = new SchemaBuilder<{
  Context: GraphQLContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    ChangeCursor: { Input: ChangePlace; Output: ChangePlace };
    URL: { Input: never; Output: string };
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> };
  };
}>({
  plugins: [queryLimitsPlugin, errorsPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true },
  complexity: { limit: queryLimits, defaultListMultiplier: assumedListSize, complexityError: tooComplex },
});

builder.queryType({
  description: `Reads the caller's own tasks, and the models a form can offer. "The vendor" is Tencent Cloud MPS throughout.

Root fields are nullable (but for \`nodes\`), so that one that fails hides nothing of the others. What fails says so in \`errors\`, with an
\`extensions.code\` to decide by: ${errorCodes.map((code) => `\`${code}\``).join(', ')}.

One operation may be ${queryLimits.depth} fields deep, select ${queryLimits.breadth} fields, and have a complexity of
${queryLimits.complexity.toLocaleString('en')}: room for a page of 100 tasks with every field there is.`,
});
builder.mutationType({
  description:
    'Each answers with a union: the payload, or an error type that says why nothing was recorded or sent. The unions may grow: select `... on UserError { message }`, and you are ready for it.',
});
builder.subscriptionType({
  description:
    'Live tasks, over WebSocket (graphql-transport-ws) or server-sent events. States in between may be skipped, the last one never; `revision` only grows, and `history` has every transition.',
});
