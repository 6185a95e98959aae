import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';

builder.scalarType('URL', {
  description:
    'An absolute http or https URL, ready to be opened. Only answers have it: URLs in inputs are strings, so that a bad one comes back as an `InputIssue` with its path.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  serialize: (url) => url,
  parseValue: () => {
    throw new GraphQLError('URL only occurs in answers. Give URLs as String.');
  },
});
