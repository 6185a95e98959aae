import { describe, expect, test } from 'vitest';
import { ModelCatalogueError } from '../../src/domain/models/model-catalogue-file.ts';
import { builtInCatalogue, parseModelCatalogue } from '../../src/domain/models/model-catalogue.ts';
import type { TaskKind } from '../../src/domain/task/task.ts';

const documented: Record<TaskKind, Record<string, string[]>> = {
  IMAGE: {
    Hunyuan: ['3.0'],
    GEM: ['2.5', '3.0'],
    Qwen: ['0925'],
    Vidu: ['q2'],
    Kling: ['2.1', 'O1', '3.0', '3.0-Omni'],
  },
  VIDEO: {
    Hunyuan: ['1.5'],
    Hailuo: ['02', '2.3', '2.3-fast'],
    Kling: ['1.6', '2.0', '2.1', '2.5', 'O1', '2.6', '3.0', '3.0-Omni'],
    Vidu: ['q2', 'q2-pro', 'q2-turbo', 'q3-pro', 'q3-turbo', 'q3', 'q3-mix'],
    PixVerse: ['v5.6', 'v6', 'c1'],
    Mingmou: [],
    H2: ['1.0'],
  },
  AUDIO: { GL: ['3.0-clip', '3.0-pro'], MiniMaxMusic: ['2.0', '2.5', '2.6'] },
};

describe('the built-in catalogue', () => {
  test.each(Object.entries(documented))('knows exactly the documented models and versions for %s', (kind, models) => {
    const known = builtInCatalogue.models.filter((model) => model.kind === kind);
    const versions = known.map((model) => [model.name, model.versions.map(({ version }) => version)]);
    expect(Object.fromEntries(versions)).toStrictEqual(
      Object.fromEntries(Object.entries(models).map(([name, list]) => [name, [null, ...list]])),
    );
  });

  test('finds a model by kind and name', () => {
    expect(builtInCatalogue.find('VIDEO', 'Kling')?.versions).toHaveLength(9);
    expect(builtInCatalogue.find('IMAGE', 'Kling')?.versions).toHaveLength(5);
    expect(builtInCatalogue.find('AUDIO', 'Kling')).toBeUndefined();
    expect(builtInCatalogue.find('VIDEO', 'constructor')).toBeUndefined();
  });

  test('gives the default version the loosest rules of all versions', () => {
    expect(rulesOf(builtInCatalogue.find('VIDEO', 'Kling'), null)).toMatchObject({
      durations: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
      maxReferenceImages: 7,
      maxReferenceImagesWithVideo: null,
      maxReferenceVideos: null,
      supportsOffPeak: false,
    });
    expect(rulesOf(builtInCatalogue.find('VIDEO', 'PixVerse'), null)?.durations).toHaveLength(15);
    expect(rulesOf(builtInCatalogue.find('IMAGE', 'Kling'), null)?.maxReferenceImages).toBe(10);
  });
});

describe('a catalogue file', () => {
  test('lets a version override its model, which overrides what holds for the kind', () => {
    const catalogue = parseModelCatalogue({
      IMAGE: {
        A: {
          rules: { maxPromptLength: 500, maxReferenceImages: 2 },
          versions: { '1': {}, '2': { maxReferenceImages: null } },
        },
        B: {},
      },
    });
    const a = catalogue.find('IMAGE', 'A');
    expect(rulesOf(a, '1')).toMatchObject({ maxPromptLength: 500, maxReferenceImages: 2, supportsOffPeak: false });
    expect(rulesOf(a, '2')).toMatchObject({ maxPromptLength: 500, maxReferenceImages: null });
    expect(rulesOf(catalogue.find('IMAGE', 'B'), null)).toMatchObject({
      maxPromptLength: 1000,
      maxReferenceImages: null,
    });
  });

  test('lets "unversioned" say what the default version takes', () => {
    const model = { rules: { durations: [5, 10] }, versions: { '1': {}, '2': { durations: [20] } } };
    const durationsOf = (written: object) =>
      rulesOf(parseModelCatalogue({ VIDEO: { A: written } }).find('VIDEO', 'A'), null)?.durations;
    expect(durationsOf(model)).toStrictEqual([5, 10, 20]);
    expect(durationsOf({ ...model, unversioned: { durations: [5] } })).toStrictEqual([5]);
  });

  test.each([
    ['numbers', { maxReferenceImages: 2 }, { maxReferenceImages: 9 }, { maxReferenceImages: 9 }],
    ['an undocumented number', { maxReferenceImages: 2 }, { maxReferenceImages: null }, { maxReferenceImages: null }],
    [
      'no negative prompt',
      { supportsNegativePrompt: false },
      { supportsNegativePrompt: false },
      { supportsNegativePrompt: false },
    ],
    [
      'a negative prompt',
      { supportsNegativePrompt: false },
      { supportsNegativePrompt: true },
      { supportsNegativePrompt: true },
    ],
    ['perhaps a negative prompt', { supportsNegativePrompt: false }, {}, { supportsNegativePrompt: null }],
    ['flags', { supportsOffPeak: false }, { supportsOffPeak: true }, { supportsOffPeak: true }],
    ['scene types', { sceneTypes: ['a'] }, {}, { sceneTypes: ['a'] }],
    ['ratios', { aspectRatios: ['1:1', '3:4'] }, { aspectRatios: ['1:1'] }, { aspectRatios: ['1:1', '3:4'] }],
    ['undocumented ratios', { aspectRatios: ['1:1'] }, { aspectRatios: [] }, { aspectRatios: [] }],
    ['durations, in order', { durations: [10, 20] }, { durations: [5] }, { durations: [5, 10, 20] }],
  ])('loosens %s for the default version', (_what, one, other, loosest) => {
    const catalogue = parseModelCatalogue({ VIDEO: { A: { versions: { x: one, y: other } } } });
    expect(rulesOf(catalogue.find('VIDEO', 'A'), null)).toMatchObject(loosest);
  });

  test.each([
    ['the file', 'models', 'expected object'],
    ['the file', { PICTURE: {} }, 'PICTURE'],
    ['IMAGE', { IMAGE: [] }, 'expected record'],
    ['IMAGE.A', { IMAGE: { A: { version: {} } } }, 'version'],
    ['IMAGE[" "]', { IMAGE: { ' ': {} } }, ''],
    ['VIDEO.A.rules.durations', { VIDEO: { A: { rules: { durations: { from: 5, to: 3 } } } } }, 'smaller'],
    ['VIDEO.A.rules.durations', { VIDEO: { A: { rules: { durations: 5 } } } }, 'list of seconds'],
    ['VIDEO.A.rules.durations', { VIDEO: { A: { rules: { durations: { from: 1, to: 1e9 } } } } }, ''],
    [
      'VIDEO.A.versions["2.5"].maxReferenceImages',
      { VIDEO: { A: { versions: { '2.5': { maxReferenceImages: -1 } } } } },
      '>=0',
    ],
    ['VIDEO.A.versions["2.5"]', { VIDEO: { A: { versions: { '2.5': { maxImages: 1 } } } } }, 'maxImages'],
    ['AUDIO.A.unversioned.sceneTypes[0]', { AUDIO: { A: { unversioned: { sceneTypes: [''] } } } }, 'blank'],
  ])('is refused with a mistake at %s for %j', (path, file, part) => {
    const [mistake] = mistakesOf(() => parseModelCatalogue(file));
    expect(mistake?.startsWith(`${path}: `)).toBe(true);
    expect(mistake).toContain(part);
  });

  test('is refused with all of its mistakes at once', () => {
    const file = {
      IMAGE: { A: { rules: { maxPromptLength: 'x' } } },
      VIDEO: { B: { versions: { '1': { extra: 1 } } } },
    };
    expect(mistakesOf(() => parseModelCatalogue(file))).toHaveLength(2);
  });
});

describe("an operator's additions", () => {
  test('join what is built in', () => {
    const catalogue = parseModelCatalogue({
      extends: 'built-in',
      VIDEO: { Kling: { versions: { '4.0': { durations: [20] } } }, Newcomer: { rules: { supportsOffPeak: true } } },
    });
    const kling = catalogue.find('VIDEO', 'Kling');
    expect(rulesOf(kling, '4.0')?.durations).toStrictEqual([20]);
    expect(rulesOf(kling, null)?.durations).toContain(20);
    expect(rulesOf(kling, 'O1')).toStrictEqual(rulesOf(builtInCatalogue.find('VIDEO', 'Kling'), 'O1'));
    expect(rulesOf(catalogue.find('VIDEO', 'Newcomer'), null)?.supportsOffPeak).toBe(true);
    expect(catalogue.models).toHaveLength(builtInCatalogue.models.length + 1);
  });

  test('go before what is built in, rule by rule', () => {
    const catalogue = parseModelCatalogue({
      extends: 'built-in',
      VIDEO: { Kling: { versions: { O1: { durations: { from: 3, to: 30 } } } } },
    });
    const o1 = rulesOf(catalogue.find('VIDEO', 'Kling'), 'O1');
    expect(o1?.durations).toHaveLength(28);
    expect(o1?.maxReferenceImages).toBe(7);
    expect(rulesOf(builtInCatalogue.find('VIDEO', 'Kling'), 'O1')?.durations).toHaveLength(8);
  });
});

function rulesOf(model: ReturnType<typeof builtInCatalogue.find>, version: string | null) {
  return model?.versions.find((rules) => rules.version === version);
}

function mistakesOf(parse: () => unknown): readonly string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof ModelCatalogueError) return error.mistakes;
    throw error;
  }
  return [];
}
