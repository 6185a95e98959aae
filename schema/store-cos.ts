import { maxPathLength, maxWordLength } from '../src/domain/request/request-bounds.ts';
import type { TaskRequest } from '../src/domain/request/request.ts';
import { upTo } from './arguments.ts';
import { builder } from './builder.ts';

export const StoreCos = builder.objectRef<NonNullable<TaskRequest['storeCos']>>('StoreCos').implement({
  description: 'The COS bucket of your own that the results were to be written to.',
  fields: (t) => ({
    bucketName: t.exposeString('bucketName', { description: "The bucket's full name." }),
    bucketRegion: t.exposeString('bucketRegion', { description: 'The region it lies in.' }),
    bucketPath: t.exposeString('bucketPath', { nullable: true, description: 'The folder in it. Null: its root.' }),
  }),
});

export const StoreCosInput = builder.inputType('StoreCosInput', {
  description:
    'Has the vendor write the results into a COS bucket of your own, where they do not expire. Needs the role `MPS_QcsRole` in the Tencent Cloud account.',
  fields: (t) => ({
    bucketName: t.string({
      required: true,
      description: `With the account's number, such as \`videos-1250000000\`, ${upTo(maxWordLength)}.`,
    }),
    bucketRegion: t.string({ required: true, description: `Such as \`ap-guangzhou\`, ${upTo(maxWordLength)}.` }),
    bucketPath: t.string({
      description: `A folder, such as \`/output/\`, ${upTo(maxPathLength)}. Left out: the root.`,
    }),
  }),
});
