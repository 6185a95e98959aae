import { type Attack, operation, retries, times, typenames } from './operation.ts';

const follow = (id: string, selection: string) =>
  operation(`subscription { taskStatus(id: "${id}") { ${selection} } }`);

/** By the id of a task that there is. */
export const subscriptions: Record<string, (id: string) => Omit<Attack, 'name'>> = {
  'several fields': (id) => ({
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: follow(id, '__typename'),
    attack: operation(`subscription { ${times(2, (index) => `a${index}: taskStatus(id: "${id}") { __typename }`)} }`),
  }),
  aliases: (id) => ({
    refused: 'TOO_COMPLEX breadth',
    control: follow(id, typenames(499)),
    attack: follow(id, typenames(500)),
  }),
  depth: (id) => ({
    refused: 'TOO_COMPLEX depth',
    control: follow(id, retries(10)),
    attack: follow(id, retries(11)),
  }),
  introspection: (id) => ({
    refused: 'GRAPHQL_VALIDATION_FAILED',
    control: follow(id, '__typename'),
    attack: operation('subscription { __schema { types { name } } }'),
  }),
};
