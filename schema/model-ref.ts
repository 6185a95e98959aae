import { maxModelNameLength } from '../src/domain/request/request-bounds.ts';
import type { TaskRequest } from '../src/domain/request/request.ts';
import { upTo } from './arguments.ts';
import { builder } from './builder.ts';

export const ModelRef = builder.objectRef<NonNullable<TaskRequest['model']>>('ModelRef').implement({
  description: "A model of the vendor's. `models` has its rules.",
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As the vendor writes it, such as `Kling`.' }),
    version: t.exposeString('version', {
      nullable: true,
      description: "Such as `2.1`. Null for the vendor's stable default.",
    }),
  }),
});

export const ModelInput = builder.inputType('ModelInput', {
  description:
    'The model to use. One that `models` does not list is passed on to the vendor, with a warning on the task.',
  fields: (t) => ({
    name: t.string({ required: true, description: `Such as \`Kling\`, ${upTo(maxModelNameLength)}.` }),
    version: t.string({
      description: `Such as \`2.1\`, ${upTo(maxModelNameLength)}. Left out: the vendor's stable default.`,
    }),
  }),
});
