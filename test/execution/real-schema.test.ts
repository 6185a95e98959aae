import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { encodeCursor } from '../../schema/cursor.ts';
import { schema } from '../../schema/index.ts';
import type { Random } from '../../src/kit/seeded-random.ts';
import { contextOver } from '../schema/ask.ts';
import { taskId } from '../schema/in-memory-use-cases.ts';
import { createBothExecutors } from './both-executors.ts';
import { queriesOf, readQueries } from './documents.ts';
import { generateOperation } from './generated-operation.ts';
import { builtInScalars, type ScalarValues } from './generated-values.ts';
import { createTroubledUseCases } from './troubled-tasks.ts';

const executeBoth = createBothExecutors(schema);
const queries = await readQueries();
const ids = (random: Random) => random.pick([taskId(random.integer(0, 9)), `${taskId(2)}-0`, 'unknown']);
const scalars: ScalarValues = {
  ...builtInScalars,
  ID: ids,
  String: ids,
  Int: (random) => random.integer(1, 100),
  DateTime: () => '2026-07-01T12:00:00Z',
  JSONObject: () => ({ size: '1024x1024' }),
};

describe.each([0, 0.2, 0.6])('where %d of all reads fail', (troubleShare) => {
  const contextOf = (seed: string) => () => contextOver(createTroubledUseCases(seed, troubleShare));

  it('answers every query of this repository as graphql does', async () => {
    expect(queries.length).toBeGreaterThan(12);
    const variableValues = { id: taskId(2), ids: [taskId(1), taskId(2)], first: 5, after: encodeCursor(taskId(3)) };
    for (const source of queries) {
      const document = parse(source);
      for (const operationName of queriesOf(document)) {
        const { expected, compiled } = await executeBoth(
          { document, operationName, variableValues },
          contextOf(source),
        );
        expect(compiled, source).toBe(expected);
      }
    }
  });

  it('answers generated queries as graphql does', async () => {
    for (let number = 0; number < 60; number += 1) {
      const seed = `query ${number}`;
      const { source, operationName, variants } = generateOperation({ schema, scalars, depth: 6 }, seed);
      const document = parse(source);
      for (const variableValues of variants) {
        const { expected, compiled } = await executeBoth({ document, operationName, variableValues }, contextOf(seed));
        expect(compiled, source).toBe(expected);
      }
    }
  });
});
