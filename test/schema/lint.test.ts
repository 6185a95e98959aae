import { ESLint } from 'eslint';
import { printSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';

const printed = printSchema(schema);

/** The rules of eslint.config.js that a schema breaks. */
async function brokenRules(text: string): Promise<(string | null)[]> {
  const schemaInstead = { languageOptions: { parserOptions: { graphQLConfig: { schema: text } } } };
  const eslint = new ESLint({ overrideConfig: schemaInstead });
  const results = await eslint.lintText(text, { filePath: 'schema/schema.graphql' });
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ruleId ?? message));
}

describe("graphql-eslint's rules, the recommended ones and those of Relay,", () => {
  test('find nothing in the schema', async () => {
    expect(await brokenRules(printed)).toEqual([]);
  });

  test.each([
    ['a type without a description', /"""[^"]*"""\ntype TaskEvent/, 'type TaskEvent', 'require-description'],
    ['a type in lower case', /\bTaskEstimate\b/g, 'taskEstimate', 'naming-convention'],
    ['edges without a cursor', /  """[^"]*"""\n  cursor: String!\n/, '', 'relay-edge-types'],
    ['a connection without pageInfo', /  """[^"]*"""\n  pageInfo: PageInfo!\n/, '', 'relay-connection-types'],
    ['a page without its end', /  """[^"]*"""\n  endCursor: String\n/, '', 'relay-page-info'],
    ['a list that can be read in no direction', /  """[^"]*"""\n    (after|before): String\n/g, '', 'relay-arguments'],
  ])('find %s', async (_what, words, replacement, rule) => {
    const broken = printed.replaceAll(new RegExp(words, 'g'), replacement);
    expect(broken).not.toBe(printed);
    expect(await brokenRules(broken)).toContain(`@graphql-eslint/${rule}`);
  });
});
