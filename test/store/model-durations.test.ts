import { expect, test } from 'vitest';
import { createCompletionModels } from '../../src/domain/learning/completion-models.ts';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import { findLearnedCurves, saveLearnedCurves } from '../../src/store/model-durations.ts';
import { account, openStore } from './open-store.ts';

test('what has been forgotten down to nothing is still recorded, with all that was learned since', async () => {
  await using store = await openStore();
  const models = createCompletionModels(builtInCatalogue);
  const model = models.ofTask({ kind: 'VIDEO', request: { kind: 'VIDEO', model: { name: 'Vidu', version: 'q2' } } });
  const submittedAt = new Date(0);
  const sent = { submittedAt, lastUnfinishedAt: null, lastWaitAt: null, runStartedAt: null };
  model.observe(sent, 'ended', new Date(2_000));
  // From then on it lasts longer: what was learned of the first seconds decays below what a `real` can hold.
  const longer = { ...sent, lastUnfinishedAt: new Date(60_000) };
  for (let task = 0; task < 4_000; task += 1) model.observe(longer, 'ended', new Date(90_000));
  const learned = models.takeUnsaved();
  const least = Math.min(...learned.flatMap(({ events }) => events.filter((value) => value > 0)));
  expect(least).toBeLessThan(1e-46);
  await saveLearnedCurves(store.database, account, learned);
  expect(await findLearnedCurves(store.database, account)).toHaveLength(learned.length);
});
