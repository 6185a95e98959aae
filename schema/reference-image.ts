import type { ReferenceImage as ReferenceImageShape } from '../src/domain/request.ts';
import { builder } from './builder.ts';

export const ReferenceImage = builder.objectRef<ReferenceImageShape>('ReferenceImage').implement({
  description: 'An image that a task was given to work from.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'As it was given. Your own link: it may have died since.' }),
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
    url: t.string({
      required: true,
      description: 'An http or https URL that the vendor can reach, so no private address.',
    }),
    referenceType: t.string({
      description: 'What to take from it: `asset` (what it shows) or `style` (how it looks).',
    }),
  }),
});
