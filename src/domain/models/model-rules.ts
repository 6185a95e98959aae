import type { TaskKind } from '../task/task.ts';

/**
 * What the vendor documents of a version; `version: null` is its stable default. null, or an empty list (but for scene types),
 * means "not documented": what it would limit is passed on.
 */
export type ModelRules = {
  version: string | null;
  sceneTypes: string[];
  /** In Unicode code points. */
  maxPromptLength: number | null;
  supportsNegativePrompt: boolean | null;
  maxReferenceImages: number | null;
  /** With a reference video beside them; null: the same. */
  maxReferenceImagesWithVideo: number | null;
  maxReferenceVideos: number | null;
  maxReferenceAudios: number | null;
  referenceTypes: string[];
  /** false only if documented as not supported. */
  supportsLastFrame: boolean;
  /** true only if documented as supported. */
  supportsOffPeak: boolean;
  aspectRatios: string[];
  resolutions: string[];
  /** In seconds. */
  durations: number[];
};

export type VersionRules = Omit<ModelRules, 'version'>;

const undocumented: VersionRules = {
  sceneTypes: [],
  maxPromptLength: null,
  supportsNegativePrompt: null,
  maxReferenceImages: null,
  maxReferenceImagesWithVideo: null,
  maxReferenceVideos: null,
  maxReferenceAudios: null,
  referenceTypes: [],
  supportsLastFrame: false,
  supportsOffPeak: false,
  aspectRatios: [],
  resolutions: [],
  durations: [],
};

/** For every model, by the vendor's API pages (2025-12 to 2026-07). A model's own rules override them. */
export const kindRules: Record<TaskKind, VersionRules> = {
  IMAGE: {
    ...undocumented,
    maxPromptLength: 1000,
    maxReferenceVideos: 0,
    maxReferenceAudios: 0,
    referenceTypes: ['asset', 'style'],
    resolutions: ['720P', '1080P', '2K', '4K'],
  },
  VIDEO: { ...undocumented, referenceTypes: ['asset', 'style'], supportsLastFrame: true },
  AUDIO: { ...undocumented, maxPromptLength: 2000, maxReferenceImages: 0 },
};

/** What at least one version takes: which of them is the default is not documented. */
export function loosestRules(versions: readonly [VersionRules, ...VersionRules[]]): VersionRules {
  const loosestMax = (limits: (number | null)[]) =>
    limits.reduce((one, other) => (one === null || other === null ? null : Math.max(one, other)));
  const looserFlag = (flags: (boolean | null)[]) => flags.includes(true) || (flags.includes(null) ? null : false);
  const union = <T>(lists: T[][]) => [...new Set(lists.flat())];
  const any = <T>(lists: T[][]) => (lists.some((list) => list.length === 0) ? [] : union(lists));
  return {
    sceneTypes: union(versions.map((rules) => rules.sceneTypes)),
    maxPromptLength: loosestMax(versions.map((rules) => rules.maxPromptLength)),
    supportsNegativePrompt: looserFlag(versions.map((rules) => rules.supportsNegativePrompt)),
    maxReferenceImages: loosestMax(versions.map((rules) => rules.maxReferenceImages)),
    maxReferenceImagesWithVideo: loosestMax(versions.map((rules) => rules.maxReferenceImagesWithVideo)),
    maxReferenceVideos: loosestMax(versions.map((rules) => rules.maxReferenceVideos)),
    maxReferenceAudios: loosestMax(versions.map((rules) => rules.maxReferenceAudios)),
    referenceTypes: any(versions.map((rules) => rules.referenceTypes)),
    supportsLastFrame: versions.some((rules) => rules.supportsLastFrame),
    supportsOffPeak: versions.some((rules) => rules.supportsOffPeak),
    aspectRatios: any(versions.map((rules) => rules.aspectRatios)),
    resolutions: any(versions.map((rules) => rules.resolutions)),
    durations: any(versions.map((rules) => rules.durations)).toSorted((one, other) => one - other),
  };
}
