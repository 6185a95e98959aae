import type { SavedCurve } from './adaptive-curve.ts';
import {
  afterSighting,
  completionClocks,
  createCompletionModel,
  type CompletionClock,
  type CompletionModel,
  type CompletionPrior,
} from './completion-model.ts';
import { durationKeyOf, durationKeyText, isCatalogued, isOffPeakKey, type DurationKey } from './learned-duration.ts';
import type { ModelCatalogue } from '../models/model-catalogue.ts';
import { binCount } from './survival-curve.ts';
import type { Task, TaskKind } from '../task/task.ts';

/** What is stored, and what other replicas read: one row for each model, clock and memory. */
export type LearnedCurve = DurationKey & SavedCurve & { clock: CompletionClock };

/** How long each model's tasks take, as far as it was learned. */
export type CompletionModels = {
  of(key: DurationKey): CompletionModel;
  /** For an adopted task, a model that learns nothing: neither what was asked for nor when it began is known. */
  ofTask(task: Pick<Task, 'kind' | 'request'>): CompletionModel;
  /** Whether anything was learned of it. */
  knows(key: DurationKey): boolean;
  /** What was learned since it was last taken. */
  takeNews(): LearnedCurve[];
  /** Takes over what was stored, in place of what was known of these models. */
  restore(learned: readonly LearnedCurve[]): void;
};

/** Before anything was seen: medians in seconds, from what such models took elsewhere. */
const priors: Record<TaskKind, CompletionPrior> = {
  IMAGE: { wholeSeconds: 12, runSeconds: 8 },
  AUDIO: { wholeSeconds: 67.5, runSeconds: 45 },
  VIDEO: { wholeSeconds: 180, runSeconds: 120 },
};
const offPeakPrior: CompletionPrior = { ...priors.VIDEO, wholeSeconds: 3_600 };

/** As many as the catalogue has, and some for all others. */
export function createCompletionModels(
  catalogue: Pick<ModelCatalogue, 'find'>,
  learned: readonly LearnedCurve[] = [],
): CompletionModels {
  const models = new Map<string, { key: DurationKey; model: CompletionModel }>();
  const known = new Set<string>();
  const news = new Set<string>();
  const saved = new Map<string, readonly LearnedCurve[]>();
  restore(learned);
  const untaught: Record<TaskKind, CompletionModel> = {
    IMAGE: withoutLearning(createCompletionModel(priors.IMAGE)),
    VIDEO: withoutLearning(createCompletionModel(priors.VIDEO)),
    AUDIO: withoutLearning(createCompletionModel(priors.AUDIO)),
  };

  function restore(rows: readonly LearnedCurve[]): void {
    const usable = rows.filter((row) => isOfTheseBins(row) && isCatalogued(row, catalogue));
    for (const [text, curves] of Map.groupBy(usable, durationKeyText)) {
      saved.set(text, curves);
      known.add(text);
      models.delete(text);
    }
  }

  function of({ kind, model, version }: DurationKey): CompletionModel {
    const key = { kind, model, version };
    const text = durationKeyText(key);
    const existing = models.get(text);
    if (existing !== undefined) return existing.model;
    const rows = Map.groupBy(saved.get(text) ?? [], ({ clock }) => clock);
    const prior = isOffPeakKey(key) ? offPeakPrior : priors[kind];
    const created = createCompletionModel(prior, Object.fromEntries(rows));
    const telling: CompletionModel = {
      ...created,
      get completions() {
        return created.completions;
      },
      observe(sightings, sighting, at) {
        if (sighting === 'ended') {
          news.add(text);
          known.add(text);
        }
        return created.observe(sightings, sighting, at);
      },
    };
    models.set(text, { key, model: telling });
    return telling;
  }

  return {
    of,

    ofTask(task) {
      const key = durationKeyOf(task, catalogue);
      return key === null ? untaught[task.kind] : of(key);
    },

    knows: (key) => known.has(durationKeyText(key)),

    takeNews() {
      const rows = [...news].flatMap((text) => {
        const found = models.get(text);
        return found === undefined ? [] : rowsOf(found.key, found.model);
      });
      news.clear();
      return rows;
    },

    restore,
  };
}

function rowsOf(key: DurationKey, model: CompletionModel): LearnedCurve[] {
  const saved = model.saved();
  return completionClocks.flatMap((clock) => saved[clock].map((curve) => ({ ...key, clock, ...curve })));
}

function withoutLearning(model: CompletionModel): CompletionModel {
  return {
    ...model,
    // It knows all that it ever will.
    completions: Number.POSITIVE_INFINITY,
    observe: (sightings, sighting, at) => afterSighting(sightings, sighting, at, model.curve('running')),
  };
}

/** Bins of another version of the gateway say nothing in this one's. */
function isOfTheseBins({ events, exposure }: LearnedCurve): boolean {
  return events.length === binCount && exposure.length === binCount;
}
