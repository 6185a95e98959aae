import { z } from 'zod';

/** The fields of each Create, by the vendor's pages and the types of its SDK. Unknown fields are refused. */

const maxPromptCharacters = { image: 1000, audio: 2000 } as const;

const promptUpTo = (characters: number) =>
  z
    .string()
    .refine((prompt) => Array.from(prompt).length <= characters, `it can have at most ${characters} characters`);

const jsonObject = z.record(z.string(), z.unknown());

const additionalParameters = z.string().refine(isJsonObject, 'it must be a JSON object, serialised');

const storeCosParam = z.strictObject({
  CosBucketName: z.string().min(1),
  CosBucketRegion: z.string().min(1),
  CosBucketPath: z.string().optional(),
});

const aspectRatio = z.string().regex(/^[1-9]\d?:[1-9]\d?$/, 'it must look like 16:9');

const logoAdd = z.int().min(0).max(1);

const referenceImages = z.array(
  z.strictObject({ ImageUrl: z.string().optional(), ReferenceType: z.string().optional() }),
);

const shared = {
  ModelName: z.string().optional(),
  ModelVersion: z.string().optional(),
  SceneType: z.string().optional(),
  AdditionalParameters: additionalParameters.optional(),
  StoreCosParam: storeCosParam.optional(),
  Operator: z.string().optional(),
};

export const imageRequest = z
  .strictObject({
    ...shared,
    Prompt: promptUpTo(maxPromptCharacters.image).optional(),
    NegativePrompt: z.string().optional(),
    EnhancePrompt: z.boolean().optional(),
    ImageInfos: referenceImages.max(10).optional(),
    OutputImageCount: z.int().min(1).max(10).optional(),
    ExtraParameters: z
      .strictObject({
        AspectRatio: aspectRatio.optional(),
        Resolution: z.enum(['720P', '1080P', '2K', '4K']).optional(),
        LogoAdd: logoAdd.optional(),
        OutputFormat: z.enum(['jpeg', 'png']).optional(),
      })
      .optional(),
  })
  .check(requirePromptOr((request) => Boolean(request.ImageInfos?.length)));

export const videoRequest = z
  .strictObject({
    ...shared,
    Prompt: z.string().optional(),
    NegativePrompt: z.string().optional(),
    EnhancePrompt: z.boolean().optional(),
    ImageUrl: z.string().optional(),
    LastImageUrl: z.string().optional(),
    ImageInfos: referenceImages.max(10).optional(),
    VideoInfos: z
      .array(
        z.strictObject({
          VideoUrl: z.string().optional(),
          ReferType: z.enum(['feature', 'base']).optional(),
          KeepOriginalSound: z.enum(['yes', 'no']).optional(),
        }),
      )
      .optional(),
    AudioInfos: z.array(z.strictObject({ AudioUrl: z.string().optional() })).optional(),
    Duration: z.int().min(1).max(60).optional(),
    ExtraParameters: z
      .strictObject({
        Resolution: z.enum(['540P', '720P', '768P', '1080P', '2K', '4K']).optional(),
        AspectRatio: aspectRatio.optional(),
        LogoAdd: logoAdd.optional(),
        EnableAudio: z.boolean().optional(),
        OffPeak: z.boolean().optional(),
        EnableBgm: z.boolean().optional(),
      })
      .optional(),
  })
  .check(
    requirePromptOr((request) => Boolean(request.ImageUrl || request.ImageInfos?.length || request.VideoInfos?.length)),
  )
  .refine((request) => !(request.VideoInfos?.some(isEdited) && (request.ImageUrl || request.LastImageUrl)), {
    path: ['VideoInfos'],
    error: 'a video to edit (ReferType base) takes no first or last frame',
  });

export const audioRequest = z
  .strictObject({
    ...shared,
    Prompt: promptUpTo(maxPromptCharacters.audio).optional(),
    VideoInfos: z.array(z.strictObject({ VideoUrl: z.string().optional() })).optional(),
    AudioInfos: z.array(z.strictObject({ AudioUrl: z.string().optional() })).optional(),
    OutputAudioFormat: z.enum(['mp3', 'wav']).optional(),
    ExtraParameters: z.strictObject({ ResourceId: z.string().optional() }).optional(),
  })
  .check(requirePromptOr((request) => Boolean(request.VideoInfos?.length || request.AudioInfos?.length)));

export const describeRequest = z.strictObject({ TaskId: z.string() });

export type ImageRequest = z.infer<typeof imageRequest>;
export type VideoRequest = z.infer<typeof videoRequest>;
export type AudioRequest = z.infer<typeof audioRequest>;

/** The additional parameters as an object, whatever the client has sent. */
export function parseAdditionalParameters(serialised: string | undefined): Readonly<Record<string, unknown>> {
  return jsonObject.parse(JSON.parse(serialised ?? '{}'));
}

function isJsonObject(serialised: string): boolean {
  try {
    return jsonObject.safeParse(JSON.parse(serialised)).success;
  } catch {
    return false;
  }
}

function requirePromptOr<Request extends { Prompt?: string | undefined }>(hasReference: (request: Request) => boolean) {
  return (context: z.core.ParsePayload<Request>) => {
    if (context.value.Prompt || hasReference(context.value)) return;
    context.issues.push({ code: 'invalid_type', expected: 'string', path: ['Prompt'], input: undefined });
  };
}

function isEdited(video: { ReferType?: string | undefined }): boolean {
  return video.ReferType === 'base';
}
