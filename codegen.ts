import type { CodegenConfig } from '@graphql-codegen/cli';

const documentTypes = {
  // Node runs the result as it is, and so does the page's bundler: no TypeScript enums, types imported as such, files
  // named with their ending.
  enumType: 'string-literal',
  useTypeImports: true,
  importExtension: '.ts',
  strictScalars: true,
  scalars: { DateTime: 'string', ChangeCursor: 'string', URL: 'string', JSONObject: 'Record<string, unknown>' },
};

/** Types for the documents that tests and the page send, with what comes back as TypeScript knows it. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  ignoreNoDocuments: true,
  generates: {
    // Written as graphql('query …').
    'test/generated/': {
      documents: ['test/**/*.ts', '!test/generated/**', '!test/**/node_modules/**'],
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: documentTypes,
    },
    // In files of their own: what is imported is bundled, and nothing else.
    'src/page/generated/': {
      documents: ['src/page/documents/*.graphql'],
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: documentTypes,
    },
  },
};

export default config;
