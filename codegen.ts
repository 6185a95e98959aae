import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types for the documents that tests send: written as graphql('query …'), with what comes back as TypeScript knows it. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: ['test/**/*.ts', '!test/generated/**'],
  ignoreNoDocuments: true,
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        // Node runs the result as it is: no TypeScript enums, types imported as such, files named with their ending.
        enumType: 'string-literal',
        useTypeImports: true,
        importExtension: '.ts',
        strictScalars: true,
        scalars: { DateTime: 'string', URL: 'string', JSONObject: 'Record<string, unknown>' },
      },
    },
  },
};

export default config;
