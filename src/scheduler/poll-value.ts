import type { SurvivalCurve } from '../domain/learning/survival-curve.ts';

/** Below this chance of still running, a task counts as surely ended: the value stays finite. */
const minStaying = 1e-4;

/**
 * What a poll now is worth, in seconds, after a task that was seen unfinished at an age and `gap` seconds passed since: the
 * delay that has accrued in expectation, over the chance that the poll is wasted. The poll that finds the end is owed
 * anyway; only those that find nothing cost. For a small gap it is half the hazard times the gap squared (Keller 1974).
 *
 * The accrued delay, the integral of 1 − staying, is written with the mean time remaining at both ends of the gap: that
 * stays exact where the survival itself is too small for a number.
 */
export function pollValue(curve: SurvivalCurve, ageSeconds: number, gapSeconds: number): number {
  const staying = curve.staying(ageSeconds, ageSeconds + gapSeconds);
  const stayedSeconds = curve.remaining(ageSeconds) - staying * curve.remaining(ageSeconds + gapSeconds);
  return Math.max(0, gapSeconds - stayedSeconds) / Math.max(staying, minStaying);
}
