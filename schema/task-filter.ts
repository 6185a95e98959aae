import type { TaskFilter } from '../src/domain/task/listing.ts';
import { maxWordLength } from '../src/domain/request/request-bounds.ts';
import { checkListLength, checkText, checkTexts, upTo } from './arguments.ts';
import { builder } from './builder.ts';
import { GenerationModeEnum, TaskFailureCodeEnum, TaskKindEnum, TaskStatusEnum } from './task-enums.ts';

const maxValues = 100;
const maxSearchLength = 200;

export const TaskFilterInput = builder.inputType('TaskFilter', {
  description: `Which tasks to list. All conditions given must hold; of a list's values (up to ${maxValues}), one. An empty list matches nothing.`,
  fields: (t) => ({
    kinds: t.field({ type: [TaskKindEnum], description: 'What they make.' }),
    modes: t.field({ type: [GenerationModeEnum], description: 'What they are made from.' }),
    statuses: t.field({ type: [TaskStatusEnum], description: 'How far they are: WAIT and RUN for what is going on.' }),
    failureCodes: t.field({
      type: [TaskFailureCodeEnum],
      description: 'Why they failed; leaves out all that did not.',
    }),
    modelNames: t.stringList({
      description: `The requested models, by name, whatever the version: each ${upTo(maxWordLength)}.`,
    }),
    operator: t.string({
      description: `The \`operator\` of the create input: exactly this text, ${upTo(maxWordLength)}.`,
    }),
    search: t.string({
      description: `Words that all occur in the prompt, in any order, ${upTo(maxSearchLength)}. Chinese, Japanese and Korean included.`,
    }),
    createdAfter: t.field({ type: 'DateTime', description: 'Created after this moment.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Created before this moment.' }),
  }),
});

export function parseTaskFilter(input: typeof TaskFilterInput.$inferInput | null | undefined): TaskFilter {
  const { kinds, modes, statuses, failureCodes, modelNames, operator, search, createdAfter, createdBefore } =
    input ?? {};
  checkListLength('filter.kinds', kinds, maxValues);
  checkListLength('filter.modes', modes, maxValues);
  checkListLength('filter.statuses', statuses, maxValues);
  checkListLength('filter.failureCodes', failureCodes, maxValues);
  checkTexts('filter.modelNames', modelNames, maxValues);
  checkText('filter.operator', operator, maxWordLength);
  checkText('filter.search', search, maxSearchLength);
  return {
    ...(kinds && { kinds }),
    ...(modes && { modes }),
    ...(statuses && { statuses }),
    ...(failureCodes && { failureCodes }),
    ...(modelNames && { modelNames }),
    ...(typeof operator === 'string' && { operator }),
    ...(typeof search === 'string' && { search }),
    ...(createdAfter && { createdAfter }),
    ...(createdBefore && { createdBefore }),
  };
}
