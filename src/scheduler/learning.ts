import type { Followed } from '../domain/following.ts';
import {
  curveOf,
  durationKeyOf,
  durationKeyText,
  type DurationKey,
  type LearnedDuration,
} from '../domain/learned-duration.ts';
import type { SurvivalCurve } from '../domain/survival-curve.ts';

/** Learns from every answer how long each model takes. */
export type Learning = {
  /** `before` is what was known when the question was sent at `sentAt`. */
  observe(before: Followed, ended: boolean, sentAt: Date): void;
  /** What has been learned since it was last taken. */
  takeNews(): LearnedDuration[];
};

export function createLearning(known: readonly LearnedDuration[]): Learning {
  const curves = new Map<string, { key: DurationKey; curve: SurvivalCurve }>(
    known.map((learned) => [durationKeyText(learned), { key: learned, curve: curveOf(learned, learned) }]),
  );
  const news = new Set<string>();

  return {
    observe({ task, lastUnfinishedAt }, ended, sentAt) {
      const key = durationKeyOf(task);
      if (key === null || task.submittedAt === null || task.state !== 'submitted') return;
      const begin = task.submittedAt.getTime();
      const fromAge = Math.max(0, ((lastUnfinishedAt?.getTime() ?? begin) - begin) / 1_000);
      const toAge = Math.max(fromAge + 0.001, (sentAt.getTime() - begin) / 1_000);
      const text = durationKeyText(key);
      const { curve } = curves.get(text) ?? { curve: curveOf(key) };
      curves.set(text, { key, curve });
      if (ended) {
        curve.ended(fromAge, toAge);
        news.add(text);
      } else curve.survived(fromAge, toAge);
    },

    takeNews() {
      const learned = [...news].flatMap((text) => {
        const of = curves.get(text);
        return of ? [{ ...of.key, events: of.curve.events, exposure: of.curve.exposure }] : [];
      });
      news.clear();
      return learned;
    },
  };
}
