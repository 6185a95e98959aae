import type { ReferenceVideo as ReferenceVideoShape } from '../src/domain/request/request.ts';
import { builder } from './builder.ts';
import { givenFileId, referenceWords } from './file-reference.ts';

export const ReferenceVideoRoleEnum = builder.enumType('ReferenceVideoRole', {
  description: 'What a reference video is to the new one.',
  values: {
    FEATURE: { description: 'Its features, such as camera work or motion, are taken over.' },
    BASE: { description: 'It is the video to edit. First and last frame are then not allowed.' },
  } satisfies Record<NonNullable<ReferenceVideoShape['role']>, { description: string }>,
});

export const ReferenceVideo = builder.objectRef<ReferenceVideoShape>('ReferenceVideo').implement({
  description: 'A video that a task was given to work from.',
  fields: (t) => ({
    url: t.exposeString('url', { description: referenceWords.givenUrl }),
    fileId: t.id({ nullable: true, description: referenceWords.givenFileId, resolve: givenFileId }),
    role: t.expose('role', {
      type: ReferenceVideoRoleEnum,
      nullable: true,
      description: "Null when nothing was said: the vendor's default.",
    }),
    keepOriginalSound: t.exposeBoolean('keepOriginalSound', {
      nullable: true,
      description: "Whether its sound is kept. Null when nothing was said: the vendor's default.",
    }),
  }),
});

export const ReferenceVideoInput = builder.inputType('ReferenceVideoInput', {
  description: "A video to work from: by the vendor's pages for Kling O1 and 3.0-Omni, Vidu q2-pro and H2.",
  fields: (t) => ({
    url: t.string({ description: referenceWords.url }),
    fileId: t.id({ description: referenceWords.fileId }),
    role: t.field({ type: ReferenceVideoRoleEnum, description: "Left out: the vendor's default." }),
    keepOriginalSound: t.boolean({ description: "Whether to keep its sound. Left out: the vendor's default." }),
  }),
});
