import type { SavedCurve } from './adaptive-curve.ts';
import {
  afterObservation,
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

export type LearnedCurve = DurationKey & SavedCurve & { clock: CompletionClock };

export type CompletionModels = {
  of(key: DurationKey): CompletionModel;
  /** An adopted task gets a model that learns nothing: neither its request nor its beginning is known. */
  ofTask(task: Pick<Task, 'kind' | 'request'>): CompletionModel;
  knows(key: DurationKey): boolean;
  /** The curves that have learned since the last call. */
  takeUnsaved(): LearnedCurve[];
  restore(learned: readonly LearnedCurve[]): void;
};

/** Medians, until something was learned: what such models took elsewhere. */
const priors: Record<TaskKind, CompletionPrior> = {
  IMAGE: { wholeSeconds: 12, runSeconds: 8 },
  AUDIO: { wholeSeconds: 67.5, runSeconds: 45 },
  VIDEO: { wholeSeconds: 180, runSeconds: 120 },
};
const offPeakPrior: CompletionPrior = { ...priors.VIDEO, wholeSeconds: 3_600 };

export function createCompletionModels(
  catalogue: Pick<ModelCatalogue, 'find'>,
  learned: readonly LearnedCurve[] = [],
): CompletionModels {
  const models = new Map<string, { key: DurationKey; model: CompletionModel }>();
  const known = new Set<string>();
  const unsaved = new Set<string>();
  const saved = new Map<string, readonly LearnedCurve[]>();
  restore(learned);
  const fixed: Record<TaskKind, CompletionModel> = {
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
    const recording: CompletionModel = {
      ...created,
      get completions() {
        return created.completions;
      },
      observe(observed, observation, at) {
        if (observation === 'ended') {
          unsaved.add(text);
          known.add(text);
        }
        return created.observe(observed, observation, at);
      },
    };
    models.set(text, { key, model: recording });
    return recording;
  }

  return {
    of,

    ofTask(task) {
      const key = durationKeyOf(task, catalogue);
      return key === null ? fixed[task.kind] : of(key);
    },

    knows: (key) => known.has(durationKeyText(key)),

    takeUnsaved() {
      const rows = [...unsaved].flatMap((text) => {
        const found = models.get(text);
        return found === undefined ? [] : rowsOf(found.key, found.model);
      });
      unsaved.clear();
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
    completions: Number.POSITIVE_INFINITY, // its polls have nothing more to teach
    observe: (observed, observation, at) => afterObservation(observed, observation, at, model.curve('running')),
  };
}

/** Another version of the gateway may have stored curves over other bins. */
function isOfTheseBins({ events, exposure }: LearnedCurve): boolean {
  return events.length === binCount && exposure.length === binCount;
}
