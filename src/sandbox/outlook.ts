import type { Kind } from './actions.ts';
import { medianSecondsOf, findModelTrouble, type ModelChoice } from './models.ts';
import { hasWord } from './prompt-words.ts';
import { seededRandom } from '../kit/seeded-random.ts';

/** The vendor's promise for result URLs. */
const resultLifeMs = 12 * 60 * 60 * 1000;

const offPeakMedianS = 3600;
const slowFactor = 10;
/** How task times scatter around the median: a tenth take less than 0.6 of it, a tenth more than 1.6. */
const sigma = 0.37;

const chanceFailures = [
  'Internal error, please try again later',
  'Task timeout',
  'The generated content did not pass the review',
] as const;

export type Outlook = { startsAt: number; endsAt: number; expiresAt: number; failure: string | null };

export type OutlookDependencies = { seed: number; speed: number; failShare: number };

export type Prospect = { kind: Kind; model: ModelChoice; prompt: string | undefined; isOffPeak: boolean };

/**
 * Decides a new task's whole life: when it starts, when and how it ends, in wall-clock milliseconds. The same seed and
 * ordinal always give the same life; the journal keeps it, so that nothing is decided twice.
 */
export function foresee(
  { kind, model, prompt, isOffPeak }: Prospect,
  ordinal: number,
  nowMs: number,
  { seed, speed, failShare }: OutlookDependencies,
): Outlook {
  const random = seededRandom('life', seed, ordinal);
  const medianS = isOffPeak ? offPeakMedianS : medianSecondsOf(kind, model);
  const totalMs = 1000 * random.logNormal(medianS, sigma) * (hasWord(prompt, 'slow') ? slowFactor : 1);
  const waitMs = totalMs * (isOffPeak ? random.between(0.9, 0.97) : random.between(0.05, 0.25));
  const chanceFailure = random.fraction() < failShare ? random.pick(chanceFailures) : null;
  const modelTrouble = findModelTrouble(kind, model);
  // A model that doesn't exist fails as soon as the task runs; anything else at its end.
  const runMs = (totalMs - waitMs) * (modelTrouble ? 0.05 : 1);
  const requestedFailure = hasWord(prompt, 'fail') ? 'Generation failed, as the prompt asked for it' : null;
  const startsAt = Math.round(nowMs + waitMs / speed);
  const endsAt = Math.round(nowMs + (waitMs + runMs) / speed);
  return {
    startsAt,
    endsAt,
    expiresAt: Math.round(endsAt + resultLifeMs / speed),
    failure: modelTrouble ?? requestedFailure ?? chanceFailure,
  };
}
