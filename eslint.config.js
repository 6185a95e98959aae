import graphqlEslint from '@graphql-eslint/eslint-plugin';

const { configs, parser } = graphqlEslint;

/** For the printed schema alone: what there is of TypeScript is oxlint's. */
export default [
  {
    files: ['schema/schema.graphql'],
    plugins: { '@graphql-eslint': graphqlEslint },
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: 'schema/schema.graphql' } } },
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      // Lists that are bounded and short need no edges, and one with pages has `nodes` beside them.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
      // Ids are for what can be asked for by them: not for the payloads, requests and pages that would need one here.
      '@graphql-eslint/strict-id-in-types': 'off',
    },
  },
];
