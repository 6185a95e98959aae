import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createBothExecutors } from './both-executors.ts';
import { generateOperation } from './generated-operation.ts';
import { createTroubledSchema, troubledScalars } from './troubled-schema.ts';
import type { World } from './troubled-values.ts';

const schema = createTroubledSchema();
const executeBoth = createBothExecutors(schema);
const seeds = Array.from({ length: 200 }, (_, seed) => `operation ${seed}`);

describe.each([0, 0.02, 0.15])('where %d of all fields meet trouble', (troubleShare) => {
  it.each([0, 1, 2, 3])('answers generated queries as graphql does, byte for byte, part %d', async (part) => {
    for (const seed of seeds.filter((_, index) => index % 4 === part)) {
      const { source, operationName, variants } = generateOperation(
        { schema, scalars: troubledScalars, depth: 4 },
        seed,
      );
      const document = parse(source);
      for (const variableValues of variants) {
        const worlds: World[] = [];
        const { expected, compiled } = await executeBoth({ document, operationName, variableValues }, () => {
          const world: World = { seed, troubleShare, schema, calls: [], isHeard: worlds.length === 0 };
          worlds.push(world);
          return world;
        });
        expect(compiled, source).toBe(expected);
        const [before = [], after = []] = worlds.map(({ calls }) => calls);
        if ('errors' in JSON.parse(expected)) expect(moreOften(after, before), source).toEqual([]);
        else expect(after, source).toEqual(before);
      }
    }
  });
});

/** What an error leaves behind may still go on for a moment, here and there a different one; but nothing is done twice. */
function moreOften(calls: readonly string[], than: readonly string[]): string[] {
  const count = (all: readonly string[], call: string) => all.filter((other) => other === call).length;
  return than.filter((call) => count(calls, call) > count(than, call));
}
