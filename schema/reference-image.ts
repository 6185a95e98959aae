import type { ReferenceImage as ReferenceImageShape } from '../src/domain/request/request.ts';
import { maxWordLength } from '../src/domain/request/request-bounds.ts';
import { upTo } from './arguments.ts';
import { builder } from './builder.ts';
import { givenFileId, referenceWords } from './file-reference.ts';

export const ReferenceImage = builder.objectRef<ReferenceImageShape>('ReferenceImage').implement({
  description: 'An image that a task was given to work from.',
  fields: (t) => ({
    url: t.exposeString('url', { description: referenceWords.givenUrl }),
    fileId: t.id({ nullable: true, description: referenceWords.givenFileId, resolve: givenFileId }),
    referenceType: t.exposeString('referenceType', {
      nullable: true,
      description: '`asset` or `style`. Null when nothing was said.',
    }),
  }),
});

export const ReferenceImageInput = builder.inputType('ReferenceImageInput', {
  description:
    'An image to work from. The vendor takes JPEG, PNG and WebP under 7 MB; `ModelVersion.maxReferenceImages` says how many.',
  fields: (t) => ({
    url: t.string({ description: referenceWords.url }),
    fileId: t.id({ description: referenceWords.fileId }),
    referenceType: t.string({
      description: `What to take from it: \`asset\` (what it shows) or \`style\` (how it looks); where the vendor documents no choice, ${upTo(maxWordLength)}.`,
    }),
  }),
});
