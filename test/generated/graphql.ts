/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** File format of audio. */
export type AudioFormat =
  /** Compressed. */
  | 'MP3'
  /** Uncompressed. */
  | 'WAV';

/** What to make. Something has to say it: a prompt, reference material, or parameters of the model. */
export type CreateAudioTaskInput = {
  /** Passed on to the model verbatim, for what has no field here: up to 10 levels deep, and as JSON up to 10,000 characters. What it may hold is in the vendor's description of the model. */
  additionalParameters?: Record<string, unknown> | null | undefined;
  /** A text of your choice, up to 255 characters, such as a UUID made when the form was opened: send one always, or a repeated request pays twice. The same key with the same request answers with the same task, whatever became of it; with another request, with IdempotencyConflictError. A key counts for all your mutations, for as long as its task exists. */
  idempotencyKey?: string | null | undefined;
  /** Left out: the vendor chooses. */
  model?: ModelInput | null | undefined;
  /** For whom it is created, such as a user's name, up to 255 characters: lists can be filtered by it, and the vendor gets it. */
  operator?: string | null | undefined;
  /** Left out: the vendor's default. */
  outputFormat?: AudioFormat | null | undefined;
  /** How it sounds: up to 2,000 characters, by the vendor's page. */
  prompt?: string | null | undefined;
  /** URLs of audio to work from, reachable for the vendor: up to 50, each of up to 2,048 characters. Or `aigc-file:` and the `id` of a result of yours, where the gateway keeps results. */
  referenceAudios?: Array<string> | null | undefined;
  /** URLs of videos to make the sound for, or to dub, reachable for the vendor: up to 50, each of up to 2,048 characters. Or `aigc-file:` and the `id` of a result of yours, where the gateway keeps results. */
  referenceVideos?: Array<string> | null | undefined;
  /** A resource of the vendor's that the model is to use, where it asks for one: up to 255 characters. */
  resourceId?: string | null | undefined;
  /** A special mode of the model, up to 255 characters, such as `music`. */
  sceneType?: string | null | undefined;
  /** Where to keep the results. Left out: the vendor keeps them for 12 hours. */
  storeCos?: StoreCosInput | null | undefined;
  /** Receives events of the task. Left out: no webhook. `retryTask` keeps it. */
  webhook?: WebhookInput | null | undefined;
};

/** What to make. A prompt or a reference image is required; what is left out, the vendor decides. */
export type CreateImageTaskInput = {
  /** Passed on to the model verbatim, for what has no field here: up to 10 levels deep, and as JSON up to 10,000 characters. What it may hold is in the vendor's description of the model. */
  additionalParameters?: Record<string, unknown> | null | undefined;
  /** As width:height, such as `16:9`: one of the model's `aspectRatios`, or where it has none, up to 255 characters. Left out: the model's default. */
  aspectRatio?: string | null | undefined;
  /** Whether the vendor improves the prompt first. Default: false. */
  enhancePrompt?: boolean | null | undefined;
  /** A text of your choice, up to 255 characters, such as a UUID made when the form was opened: send one always, or a repeated request pays twice. The same key with the same request answers with the same task, whatever became of it; with another request, with IdempotencyConflictError. A key counts for all your mutations, for as long as its task exists. */
  idempotencyKey?: string | null | undefined;
  /** Whether the vendor adds its logo. Left out: the vendor's default. */
  logo?: boolean | null | undefined;
  /** Left out: the vendor chooses. */
  model?: ModelInput | null | undefined;
  /** What the result shall not contain: up to 10,000 characters. Only for models with `supportsNegativePrompt`. */
  negativePrompt?: string | null | undefined;
  /** For whom it is created, such as a user's name, up to 255 characters: lists can be filtered by it, and the vendor gets it. */
  operator?: string | null | undefined;
  /** Left out: the vendor's default. */
  outputFormat?: ImageFormat | null | undefined;
  /** How many images to make: 1 or more. Default: 1. */
  outputImageCount?: number | null | undefined;
  /** What the image shows: up to 1,000 characters, by the vendor's page. Required without a reference image. */
  prompt?: string | null | undefined;
  /** Images to work from, in order: up to 50, or the model's `maxReferenceImages`. */
  referenceImages?: Array<ReferenceImageInput> | null | undefined;
  /** `720P`, `1080P`, `2K` or `4K`. Left out: the model's default. */
  resolution?: string | null | undefined;
  /** A special mode of the model, up to 255 characters: `3d_panorama` for Hunyuan. */
  sceneType?: string | null | undefined;
  /** Where to keep the results. Left out: the vendor keeps them for 12 hours. */
  storeCos?: StoreCosInput | null | undefined;
  /** Receives events of the task. Left out: no webhook. `retryTask` keeps it. */
  webhook?: WebhookInput | null | undefined;
};

/** What to make. A prompt or an image is required; what is left out, the vendor decides. */
export type CreateVideoTaskInput = {
  /** Passed on to the model verbatim, for what has no field here: up to 10 levels deep, and as JSON up to 10,000 characters. What it may hold is in the vendor's description of the model. */
  additionalParameters?: Record<string, unknown> | null | undefined;
  /** As width:height, such as `16:9`: one of the model's `aspectRatios`, or where it has none, up to 255 characters. Left out: the model's default. */
  aspectRatio?: string | null | undefined;
  /** Whole seconds: one of the model's `durations`, such as 5 or 10 for Kling. Left out: its default. */
  duration?: number | null | undefined;
  /** Whether the video has sound. Left out: the model's default. */
  enableAudio?: boolean | null | undefined;
  /** Whether the video has background music. Left out: the model's default. */
  enableBackgroundMusic?: boolean | null | undefined;
  /** Whether the vendor improves the prompt first. Default: false. */
  enhancePrompt?: boolean | null | undefined;
  /** URL of the image that the video starts with: JPEG or PNG under 10 MB, reachable for the vendor, up to 2,048 characters. Or `aigc-file:` and the `id` of a result of yours, where the gateway keeps results. */
  firstFrame?: string | null | undefined;
  /** A text of your choice, up to 255 characters, such as a UUID made when the form was opened: send one always, or a repeated request pays twice. The same key with the same request answers with the same task, whatever became of it; with another request, with IdempotencyConflictError. A key counts for all your mutations, for as long as its task exists. */
  idempotencyKey?: string | null | undefined;
  /** URL of the image that it ends with, up to 2,048 characters; as `firstFrame`, but only for models with `supportsLastFrame`. */
  lastFrame?: string | null | undefined;
  /** Whether the vendor adds its logo. Left out: the vendor's default. */
  logo?: boolean | null | undefined;
  /** Left out: the vendor chooses. */
  model?: ModelInput | null | undefined;
  /** What the result shall not contain: up to 10,000 characters. Only for models with `supportsNegativePrompt`. */
  negativePrompt?: string | null | undefined;
  /** Whether it may wait for off-peak hours (Vidu): the vendor makes it within 48 hours, or cancels it. Default: false. */
  offPeak?: boolean | null | undefined;
  /** For whom it is created, such as a user's name, up to 255 characters: lists can be filtered by it, and the vendor gets it. */
  operator?: string | null | undefined;
  /** What happens in the video: up to 10,000 characters, or the model's `maxPromptLength`. Required without an image. */
  prompt?: string | null | undefined;
  /** URLs of audio to work from, reachable for the vendor: up to 50, each of up to 2,048 characters. Some models only. Or `aigc-file:` and the `id` of a result of yours, where the gateway keeps results. */
  referenceAudios?: Array<string> | null | undefined;
  /** Images of what is to occur in the video, in order: up to 50, or the model's `maxReferenceImages`. Some models take fewer beside a reference video. */
  referenceImages?: Array<ReferenceImageInput> | null | undefined;
  /** Videos to work from, in order: up to 50, or the model's `maxReferenceVideos`. */
  referenceVideos?: Array<ReferenceVideoInput> | null | undefined;
  /** From `540P` to `4K`: one of the model's `resolutions`, or where it has none, up to 255 characters. Left out: its default. */
  resolution?: string | null | undefined;
  /** A special mode of the model, up to 255 characters, such as `motion_control` for Kling: one of its `sceneTypes`. */
  sceneType?: string | null | undefined;
  /** Where to keep the results. Left out: the vendor keeps them for 12 hours. */
  storeCos?: StoreCosInput | null | undefined;
  /** Receives events of the task. Left out: no webhook. `retryTask` keeps it. */
  webhook?: WebhookInput | null | undefined;
};

/** What a task makes out of what, read from its inputs: the Task Type of the console. */
export type GenerationMode =
  /** Audio from reference audio. */
  | 'AUDIO_TO_AUDIO'
  /** An image from reference images. */
  | 'IMAGE_TO_IMAGE'
  /** A video from a first or last frame, or from reference images. */
  | 'IMAGE_TO_VIDEO'
  /** Audio from a prompt alone. */
  | 'TEXT_TO_AUDIO'
  /** An image from a prompt alone. */
  | 'TEXT_TO_IMAGE'
  /** A video from a prompt alone. */
  | 'TEXT_TO_VIDEO'
  /** The task was made elsewhere and adopted with `trackTask`: its inputs are not known. */
  | 'UNKNOWN'
  /** Audio for reference videos, such as dubbing. */
  | 'VIDEO_TO_AUDIO'
  /** A video from reference videos. */
  | 'VIDEO_TO_VIDEO';

/** File format of images. */
export type ImageFormat =
  /** Smaller files, no transparency. */
  | 'JPEG'
  /** No loss. */
  | 'PNG';

/** The rule that a value breaks. */
export type InputIssueCode =
  /** It is malformed. */
  | 'MALFORMED'
  /** It is none of the allowed values, or does not go together with another field. */
  | 'NOT_ALLOWED'
  /** It is not an absolute http or https URL. */
  | 'NOT_A_URL'
  /** The number is too small or too large. */
  | 'OUT_OF_RANGE'
  /** The URL points into a private network, which neither the vendor nor a webhook can reach. */
  | 'PRIVATE_ADDRESS'
  /** It is missing, or blank. */
  | 'REQUIRED'
  /** The text has too many characters. */
  | 'TOO_LONG'
  /** The list has too many items. */
  | 'TOO_MANY'
  /** The chosen model can't do this; `models` says what it can. */
  | 'UNSUPPORTED_BY_MODEL';

/** The model to use. One that `models` does not list is passed on to the vendor, with a warning on the task. */
export type ModelInput = {
  /** Such as `Kling`, up to 100 characters. */
  name: string;
  /** Such as `2.1`, up to 100 characters. Left out: the vendor's stable default. */
  version?: string | null | undefined;
};

/** An image to work from. The vendor takes JPEG, PNG and WebP under 7 MB; `ModelVersion.maxReferenceImages` says how many. */
export type ReferenceImageInput = {
  /** The `id` of a result of yours, where the gateway keeps results (`ResultFile.archived`). It needn't be sent again: the vendor gets a URL of it when the task is sent. */
  fileId?: string | number | null | undefined;
  /** What to take from it: `asset` (what it shows) or `style` (how it looks); where the vendor documents no choice, up to 255 characters. */
  referenceType?: string | null | undefined;
  /** An http or https URL that the vendor can reach, so no private address, of up to 2,048 characters. Either this or `fileId`. */
  url?: string | null | undefined;
};

/** A video to work from: by the vendor's pages for Kling O1 and 3.0-Omni, Vidu q2-pro and H2. */
export type ReferenceVideoInput = {
  /** The `id` of a result of yours, where the gateway keeps results (`ResultFile.archived`). It needn't be sent again: the vendor gets a URL of it when the task is sent. */
  fileId?: string | number | null | undefined;
  /** Whether to keep its sound. Left out: the vendor's default. */
  keepOriginalSound?: boolean | null | undefined;
  /** Left out: the vendor's default. */
  role?: ReferenceVideoRole | null | undefined;
  /** An http or https URL that the vendor can reach, so no private address, of up to 2,048 characters. Either this or `fileId`. */
  url?: string | null | undefined;
};

/** What a reference video is to the new one. */
export type ReferenceVideoRole =
  /** It is the video to edit. First and last frame are then not allowed. */
  | 'BASE'
  /** Its features, such as camera work or motion, are taken over. */
  | 'FEATURE';

/** Has the vendor write the results into a COS bucket of your own, where they do not expire. Needs the role `MPS_QcsRole` in the Tencent Cloud account. */
export type StoreCosInput = {
  /** With the account's number, such as `videos-1250000000`, up to 255 characters. */
  bucketName: string;
  /** A folder, such as `/output/`, up to 1,024 characters. Left out: the root. */
  bucketPath?: string | null | undefined;
  /** Such as `ap-guangzhou`, up to 255 characters. */
  bucketRegion: string;
};

/** Which tasks to hear of, by what never changes, so that a task can't leave unseen. All conditions given must hold; of a list's values (up to 100), one. */
export type TaskChangeFilter = {
  /** These tasks, such as those on the page. Ids that are not yours are never heard of. */
  ids?: Array<string | number> | null | undefined;
  /** What they make. */
  kinds?: Array<TaskKind> | null | undefined;
  /** The requested models, by name, whatever the version: each up to 255 characters. */
  modelNames?: Array<string> | null | undefined;
  /** The `operator` of the create input: exactly this text, up to 255 characters. */
  operator?: string | null | undefined;
};

/** What became of a task. This enum may grow: take what you do not know for UPDATED. */
export type TaskChangeType =
  /** It was not there at `after`, or when the subscription began. After a reconnect it may come twice. */
  | 'CREATED'
  /** It has a new revision. */
  | 'UPDATED';

/** Why a task ended as FAIL. */
export type TaskFailureCode =
  /** Withdrawn with `cancelTask` before it was sent. */
  | 'CANCELED'
  /** The vendor's word could not be recorded here, so the task may be done and billed. It is polled once an hour for a day, and `trackTask` with its `upstreamTaskId` polls it at once; a retry would be billed again. */
  | 'GATEWAY_ERROR'
  /** The vendor accepted the task and could not make the result. Not billed. */
  | 'GENERATION_FAILED'
  /** The vendor does not know the task's id (any more). If it turns out to know it within a day, the task goes on. */
  | 'NOT_FOUND'
  /** The vendor refused the request: a wrong parameter, or content it does not allow. */
  | 'REJECTED'
  /** It was sent, but no answer came, so the vendor may have accepted and billed it. It is never sent again by itself; if the vendor's word still arrives, the task goes on. */
  | 'SUBMISSION_UNCONFIRMED'
  /** No end came in time: 6 hours for images and audio, 24 for videos, 72 for off-peak videos. A result that comes up to a day later is still taken. */
  | 'TIMED_OUT';

/** Which tasks to list. All conditions given must hold; of a list's values (up to 100), one. An empty list matches nothing. */
export type TaskFilter = {
  /** Created after this moment. */
  createdAfter?: string | null | undefined;
  /** Created before this moment. */
  createdBefore?: string | null | undefined;
  /** Why they failed; leaves out all that did not. */
  failureCodes?: Array<TaskFailureCode> | null | undefined;
  /** What they make. */
  kinds?: Array<TaskKind> | null | undefined;
  /** The requested models, by name, whatever the version: each up to 255 characters. */
  modelNames?: Array<string> | null | undefined;
  /** What they are made from. */
  modes?: Array<GenerationMode> | null | undefined;
  /** The `operator` of the create input: exactly this text, up to 255 characters. */
  operator?: string | null | undefined;
  /** Words that all occur in the prompt, in any order, up to 200 characters. Chinese, Japanese and Korean included. */
  search?: string | null | undefined;
  /** How far they are: WAIT and RUN for what is going on. */
  statuses?: Array<TaskStatus> | null | undefined;
};

/** What a task makes. */
export type TaskKind =
  /** Music or other sound; a video where it dubs one. */
  | 'AUDIO'
  /** One or several images. */
  | 'IMAGE'
  /** A video. */
  | 'VIDEO';

/** How far a task is, in the vendor's own words. From WAIT by RUN to DONE or FAIL, never back. */
export type TaskStatus =
  /** Successful: the files are there. Final. */
  | 'DONE'
  /** Failed: `failure` says why. Final, unless the code is SUBMISSION_UNCONFIRMED, TIMED_OUT, NOT_FOUND or GATEWAY_ERROR and the vendor turns out to know better. */
  | 'FAIL'
  /** Executing. */
  | 'RUN'
  /** Waiting: in the vendor's queue, or still held back here until it can be sent. */
  | 'WAIT';

/** Events of a task that a webhook receives. */
export type WebhookEvent =
  /** Each change of `revision` after the first one; where several come at once, only the newest. Its `type` is `task.changed`. */
  | 'CHANGED'
  /** It became DONE or FAIL, also when that is corrected later, as after TIMED_OUT. Its `type` is `task.ended`. The URLs of its files are still the vendor’s then, also with an archive: ask for the task later, or take CHANGED, which also comes when they are archived. */
  | 'ENDED';

/** Where to POST what becomes of a task, signed as Standard Webhooks say. */
export type WebhookInput = {
  /** The events to deliver. */
  events?: Array<WebhookEvent> | null | undefined;
  /** An https URL of up to 2,048 characters that the gateway can reach, so no private address. It has to answer with 2xx within 15 seconds, else the delivery is repeated for a day. Redirects are not followed. */
  url: string;
};

export type CreateOneOfEachMutationVariables = Exact<{
  image: CreateImageTaskInput;
  video: CreateVideoTaskInput;
  audio: CreateAudioTaskInput;
}>;


export type CreateOneOfEachMutation = { createImageTask:
    | { task: { id: string } }
    | Record<PropertyKey, never>
   | null, createVideoTask:
    | { task: { id: string } }
    | Record<PropertyKey, never>
   | null, createAudioTask:
    | { task: { id: string } }
    | Record<PropertyKey, never>
   | null };

export type ShowFilesQueryVariables = Exact<{
  id: string | number;
}>;


export type ShowFilesQuery = { task:
    | { status: TaskStatus, revision: number, files: Array<
        | { id: string, url: string | null, expiresAt: string | null, expired: boolean, archived: boolean, contentType: string | null, byteSize: number | null, checksum: string | null }
        | { id: string, url: string | null, expiresAt: string | null, expired: boolean, archived: boolean, contentType: string | null, byteSize: number | null, checksum: string | null }
        | { id: string, url: string | null, expiresAt: string | null, expired: boolean, archived: boolean, contentType: string | null, byteSize: number | null, checksum: string | null }
      >, audios: Array<{ duration: number | null }> }
    | { status: TaskStatus, revision: number, files: Array<
        | { id: string, url: string | null, expiresAt: string | null, expired: boolean, archived: boolean, contentType: string | null, byteSize: number | null, checksum: string | null }
        | { id: string, url: string | null, expiresAt: string | null, expired: boolean, archived: boolean, contentType: string | null, byteSize: number | null, checksum: string | null }
        | { id: string, url: string | null, expiresAt: string | null, expired: boolean, archived: boolean, contentType: string | null, byteSize: number | null, checksum: string | null }
      > }
    | { status: TaskStatus, revision: number, width: number | null, height: number | null, files: Array<
        | { id: string, url: string | null, expiresAt: string | null, expired: boolean, archived: boolean, contentType: string | null, byteSize: number | null, checksum: string | null }
        | { id: string, url: string | null, expiresAt: string | null, expired: boolean, archived: boolean, contentType: string | null, byteSize: number | null, checksum: string | null }
        | { id: string, url: string | null, expiresAt: string | null, expired: boolean, archived: boolean, contentType: string | null, byteSize: number | null, checksum: string | null }
      >, videos: Array<{ duration: number | null }> }
   | null };

export type CreateInBurstMutationVariables = Exact<{
  input: CreateImageTaskInput;
}>;


export type CreateInBurstMutation = { createImageTask:
    | { __typename: 'CreateImageTaskPayload', task: { id: string, status: TaskStatus, revision: number, createdAt: string } }
    | { __typename: 'IdempotencyConflictError', message: string }
    | { __typename: 'InvalidInputError', message: string }
    | { __typename: 'QuotaExceededError', message: string }
   | null };

type TaskRow_AudioTask_Fragment = { __typename: 'AudioTask', id: string, kind: TaskKind, mode: GenerationMode, status: TaskStatus, revision: number, prompt: string | null, operator: string | null, createdAt: string, endedAt: string | null, canCancel: boolean, canRetry: boolean, model: { name: string, version: string | null } | null, estimate: { progress: number } | null, failure: { code: TaskFailureCode, message: string, retryable: boolean } | null, files: Array<
    | { __typename: 'AudioFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
    | { __typename: 'ImageFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
    | { __typename: 'VideoFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
  >, history: Array<{ status: TaskStatus, at: string, message: string | null }> };

type TaskRow_ImageTask_Fragment = { __typename: 'ImageTask', id: string, kind: TaskKind, mode: GenerationMode, status: TaskStatus, revision: number, prompt: string | null, operator: string | null, createdAt: string, endedAt: string | null, canCancel: boolean, canRetry: boolean, model: { name: string, version: string | null } | null, estimate: { progress: number } | null, failure: { code: TaskFailureCode, message: string, retryable: boolean } | null, files: Array<
    | { __typename: 'AudioFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
    | { __typename: 'ImageFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
    | { __typename: 'VideoFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
  >, history: Array<{ status: TaskStatus, at: string, message: string | null }> };

type TaskRow_VideoTask_Fragment = { __typename: 'VideoTask', id: string, kind: TaskKind, mode: GenerationMode, status: TaskStatus, revision: number, prompt: string | null, operator: string | null, createdAt: string, endedAt: string | null, canCancel: boolean, canRetry: boolean, resolution: string | null, model: { name: string, version: string | null } | null, estimate: { progress: number } | null, failure: { code: TaskFailureCode, message: string, retryable: boolean } | null, files: Array<
    | { __typename: 'AudioFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
    | { __typename: 'ImageFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
    | { __typename: 'VideoFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
  >, history: Array<{ status: TaskStatus, at: string, message: string | null }> };

export type TaskRowFragment =
  | TaskRow_AudioTask_Fragment
  | TaskRow_ImageTask_Fragment
  | TaskRow_VideoTask_Fragment
;

export type TaskTableQueryVariables = Exact<{
  first: number;
  after: string;
}>;


export type TaskTableQuery = { tasks: { asOf: string, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<
      | { __typename: 'AudioTask', id: string, kind: TaskKind, mode: GenerationMode, status: TaskStatus, revision: number, prompt: string | null, operator: string | null, createdAt: string, endedAt: string | null, canCancel: boolean, canRetry: boolean, model: { name: string, version: string | null } | null, estimate: { progress: number } | null, failure: { code: TaskFailureCode, message: string, retryable: boolean } | null, files: Array<
          | { __typename: 'AudioFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
          | { __typename: 'ImageFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
          | { __typename: 'VideoFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
        >, history: Array<{ status: TaskStatus, at: string, message: string | null }> }
      | { __typename: 'ImageTask', id: string, kind: TaskKind, mode: GenerationMode, status: TaskStatus, revision: number, prompt: string | null, operator: string | null, createdAt: string, endedAt: string | null, canCancel: boolean, canRetry: boolean, model: { name: string, version: string | null } | null, estimate: { progress: number } | null, failure: { code: TaskFailureCode, message: string, retryable: boolean } | null, files: Array<
          | { __typename: 'AudioFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
          | { __typename: 'ImageFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
          | { __typename: 'VideoFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
        >, history: Array<{ status: TaskStatus, at: string, message: string | null }> }
      | { __typename: 'VideoTask', id: string, kind: TaskKind, mode: GenerationMode, status: TaskStatus, revision: number, prompt: string | null, operator: string | null, createdAt: string, endedAt: string | null, canCancel: boolean, canRetry: boolean, resolution: string | null, model: { name: string, version: string | null } | null, estimate: { progress: number } | null, failure: { code: TaskFailureCode, message: string, retryable: boolean } | null, files: Array<
          | { __typename: 'AudioFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
          | { __typename: 'ImageFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
          | { __typename: 'VideoFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
        >, history: Array<{ status: TaskStatus, at: string, message: string | null }> }
    > } | null };

export type OneTaskQueryVariables = Exact<{
  id: string | number;
}>;


export type OneTaskQuery = { task:
    | { __typename: 'AudioTask', id: string, kind: TaskKind, mode: GenerationMode, status: TaskStatus, revision: number, prompt: string | null, operator: string | null, createdAt: string, endedAt: string | null, canCancel: boolean, canRetry: boolean, model: { name: string, version: string | null } | null, estimate: { progress: number } | null, failure: { code: TaskFailureCode, message: string, retryable: boolean } | null, files: Array<
        | { __typename: 'AudioFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
        | { __typename: 'ImageFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
        | { __typename: 'VideoFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
      >, history: Array<{ status: TaskStatus, at: string, message: string | null }> }
    | { __typename: 'ImageTask', id: string, kind: TaskKind, mode: GenerationMode, status: TaskStatus, revision: number, prompt: string | null, operator: string | null, createdAt: string, endedAt: string | null, canCancel: boolean, canRetry: boolean, model: { name: string, version: string | null } | null, estimate: { progress: number } | null, failure: { code: TaskFailureCode, message: string, retryable: boolean } | null, files: Array<
        | { __typename: 'AudioFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
        | { __typename: 'ImageFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
        | { __typename: 'VideoFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
      >, history: Array<{ status: TaskStatus, at: string, message: string | null }> }
    | { __typename: 'VideoTask', id: string, kind: TaskKind, mode: GenerationMode, status: TaskStatus, revision: number, prompt: string | null, operator: string | null, createdAt: string, endedAt: string | null, canCancel: boolean, canRetry: boolean, resolution: string | null, model: { name: string, version: string | null } | null, estimate: { progress: number } | null, failure: { code: TaskFailureCode, message: string, retryable: boolean } | null, files: Array<
        | { __typename: 'AudioFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
        | { __typename: 'ImageFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
        | { __typename: 'VideoFile', id: string, url: string | null, expiresAt: string | null, expired: boolean }
      >, history: Array<{ status: TaskStatus, at: string, message: string | null }> }
   | null };

export type WatchTaskSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type WatchTaskSubscription = { taskStatus:
    | { __typename: 'AudioTask', id: string, status: TaskStatus, revision: number, startedAt: string | null, endedAt: string | null, estimate: { expectedEndAt: string, progress: number } | null, failure: { code: TaskFailureCode, message: string } | null, files: Array<
        | { id: string, url: string | null, expiresAt: string | null }
        | { id: string, url: string | null, expiresAt: string | null }
        | { id: string, url: string | null, expiresAt: string | null }
      > }
    | { __typename: 'ImageTask', id: string, status: TaskStatus, revision: number, startedAt: string | null, endedAt: string | null, estimate: { expectedEndAt: string, progress: number } | null, failure: { code: TaskFailureCode, message: string } | null, files: Array<
        | { id: string, url: string | null, expiresAt: string | null }
        | { id: string, url: string | null, expiresAt: string | null }
        | { id: string, url: string | null, expiresAt: string | null }
      > }
    | { __typename: 'VideoTask', id: string, status: TaskStatus, revision: number, startedAt: string | null, endedAt: string | null, estimate: { expectedEndAt: string, progress: number } | null, failure: { code: TaskFailureCode, message: string } | null, files: Array<
        | { id: string, url: string | null, expiresAt: string | null }
        | { id: string, url: string | null, expiresAt: string | null }
        | { id: string, url: string | null, expiresAt: string | null }
      > }
   };

export type WhoAmIQueryVariables = Exact<{ [key: string]: never; }>;


export type WhoAmIQuery = { viewer: { owner: string } | null };

export type PageOfTasksQueryVariables = Exact<{
  filter?: TaskFilter | null | undefined;
}>;


export type PageOfTasksQuery = { tasks: { nodes: Array<
      | { kind: TaskKind, createdAt: string, request: { additionalParameters: Record<string, unknown> | null } | null }
      | Record<PropertyKey, never>
    > } | null };

export type SeededTasksQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SeededTasksQuery = { tasks: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<
      | { id: string, kind: TaskKind, status: TaskStatus, prompt: string | null, warnings: Array<string>, createdAt: string, submittedAt: string | null, startedAt: string | null, endedAt: string | null, failure: { code: TaskFailureCode } | null, files: Array<
          | { url: string | null, expired: boolean }
          | { url: string | null, expired: boolean }
          | { url: string | null, expired: boolean }
        >, history: Array<{ status: TaskStatus, at: string }> }
      | { id: string, kind: TaskKind, status: TaskStatus, prompt: string | null, warnings: Array<string>, createdAt: string, submittedAt: string | null, startedAt: string | null, endedAt: string | null, failure: { code: TaskFailureCode } | null, files: Array<
          | { url: string | null, expired: boolean }
          | { url: string | null, expired: boolean }
          | { url: string | null, expired: boolean }
        >, history: Array<{ status: TaskStatus, at: string }> }
      | { id: string, kind: TaskKind, status: TaskStatus, prompt: string | null, warnings: Array<string>, createdAt: string, submittedAt: string | null, startedAt: string | null, endedAt: string | null, failure: { code: TaskFailureCode } | null, files: Array<
          | { url: string | null, expired: boolean }
          | { url: string | null, expired: boolean }
          | { url: string | null, expired: boolean }
        >, history: Array<{ status: TaskStatus, at: string }> }
    > } | null };

export type LearnedMediansQueryVariables = Exact<{ [key: string]: never; }>;


export type LearnedMediansQuery = { models: Array<{ versions: Array<{ medianSeconds: number | null }> }> | null };

export type CreateImageMutationVariables = Exact<{
  input: CreateImageTaskInput;
}>;


export type CreateImageMutation = { createImageTask:
    | { __typename: 'CreateImageTaskPayload', task: { id: string, status: TaskStatus, upstreamTaskId: string | null, failure: { code: TaskFailureCode, message: string } | null } }
    | { __typename: 'IdempotencyConflictError', message: string }
    | { __typename: 'InvalidInputError', message: string }
    | { __typename: 'QuotaExceededError', message: string }
   | null };

export type FollowTaskSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type FollowTaskSubscription = { taskStatus:
    | { __typename: 'AudioTask', id: string, status: TaskStatus, revision: number, failure: { code: TaskFailureCode, message: string, upstreamCode: string | null, requestId: string | null } | null, files: Array<
        | { url: string | null, expired: boolean }
        | { url: string | null, expired: boolean }
        | { url: string | null, expired: boolean }
      > }
    | { __typename: 'ImageTask', id: string, status: TaskStatus, revision: number, failure: { code: TaskFailureCode, message: string, upstreamCode: string | null, requestId: string | null } | null, files: Array<
        | { url: string | null, expired: boolean }
        | { url: string | null, expired: boolean }
        | { url: string | null, expired: boolean }
      > }
    | { __typename: 'VideoTask', id: string, status: TaskStatus, revision: number, failure: { code: TaskFailureCode, message: string, upstreamCode: string | null, requestId: string | null } | null, files: Array<
        | { url: string | null, expired: boolean }
        | { url: string | null, expired: boolean }
        | { url: string | null, expired: boolean }
      > }
   };

export type ListTasksQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: TaskFilter | null | undefined;
}>;


export type ListTasksQuery = { tasks: { asOf: string, changeCursor: string, totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<
      | { __typename: 'AudioTask', id: string, kind: TaskKind, status: TaskStatus, prompt: string | null, revision: number, upstreamTaskId: string | null, pollCount: number, failure: { code: TaskFailureCode } | null, history: Array<{ status: TaskStatus, revision: number }> }
      | { __typename: 'ImageTask', id: string, kind: TaskKind, status: TaskStatus, prompt: string | null, revision: number, upstreamTaskId: string | null, pollCount: number, failure: { code: TaskFailureCode } | null, history: Array<{ status: TaskStatus, revision: number }> }
      | { __typename: 'VideoTask', id: string, kind: TaskKind, status: TaskStatus, prompt: string | null, revision: number, upstreamTaskId: string | null, pollCount: number, failure: { code: TaskFailureCode } | null, history: Array<{ status: TaskStatus, revision: number }> }
    > } | null };

export type CancelTaskMutationVariables = Exact<{
  id: string | number;
}>;


export type CancelTaskMutation = { cancelTask:
    | { __typename: 'CancelTaskPayload', task:
        | { status: TaskStatus, failure: { code: TaskFailureCode } | null }
        | { status: TaskStatus, failure: { code: TaskFailureCode } | null }
        | { status: TaskStatus, failure: { code: TaskFailureCode } | null }
       }
    | { __typename: 'TaskAlreadySubmittedError', task:
        | { upstreamTaskId: string | null }
        | { upstreamTaskId: string | null }
        | { upstreamTaskId: string | null }
       }
    | { __typename: 'TaskNotFoundError' }
   | null };

export type FollowChangesSubscriptionVariables = Exact<{
  filter?: TaskChangeFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type FollowChangesSubscription = { taskChanges: { type: TaskChangeType, taskId: string, cursor: string, task:
      | { id: string, status: TaskStatus, revision: number, prompt: string | null }
      | { id: string, status: TaskStatus, revision: number, prompt: string | null }
      | { id: string, status: TaskStatus, revision: number, prompt: string | null }
     | null } };

export type ReadTaskQueryVariables = Exact<{
  id: string | number;
}>;


export type ReadTaskQuery = { task:
    | { __typename: 'AudioTask', id: string, status: TaskStatus, revision: number, upstreamTaskId: string | null, failure: { code: TaskFailureCode, upstreamCode: string | null, requestId: string | null } | null, history: Array<{ status: TaskStatus }> }
    | { __typename: 'ImageTask', id: string, status: TaskStatus, revision: number, upstreamTaskId: string | null, failure: { code: TaskFailureCode, upstreamCode: string | null, requestId: string | null } | null, history: Array<{ status: TaskStatus }> }
    | { __typename: 'VideoTask', id: string, status: TaskStatus, revision: number, upstreamTaskId: string | null, failure: { code: TaskFailureCode, upstreamCode: string | null, requestId: string | null } | null, history: Array<{ status: TaskStatus }> }
   | null };

export type ReadResultsQueryVariables = Exact<{
  id: string | number;
}>;


export type ReadResultsQuery = { task:
    | { __typename: 'AudioTask', status: TaskStatus, upstreamTaskId: string | null, warnings: Array<string>, canRetry: boolean, failure: { code: TaskFailureCode, message: string, requestId: string | null, retryable: boolean } | null, files: Array<
        | { url: string | null }
        | { url: string | null }
        | { url: string | null }
      > }
    | { __typename: 'ImageTask', status: TaskStatus, upstreamTaskId: string | null, warnings: Array<string>, canRetry: boolean, failure: { code: TaskFailureCode, message: string, requestId: string | null, retryable: boolean } | null, files: Array<
        | { url: string | null }
        | { url: string | null }
        | { url: string | null }
      > }
    | { __typename: 'VideoTask', status: TaskStatus, upstreamTaskId: string | null, warnings: Array<string>, canRetry: boolean, failure: { code: TaskFailureCode, message: string, requestId: string | null, retryable: boolean } | null, files: Array<
        | { url: string | null }
        | { url: string | null }
        | { url: string | null }
      > }
   | null };

export type TrackTaskMutationVariables = Exact<{
  upstreamTaskId: string;
}>;


export type TrackTaskMutation = { trackTask:
    | { __typename: 'InvalidInputError', message: string }
    | { __typename: 'QuotaExceededError', message: string }
    | { __typename: 'TrackTaskPayload', task:
        | { id: string, status: TaskStatus, failure: { code: TaskFailureCode } | null }
        | { id: string, status: TaskStatus, failure: { code: TaskFailureCode } | null }
        | { id: string, status: TaskStatus, failure: { code: TaskFailureCode } | null }
       }
    | { __typename: 'UpstreamTaskNotFoundError', message: string }
   | null };

export type CreateVideoMutationVariables = Exact<{
  input: CreateVideoTaskInput;
}>;


export type CreateVideoMutation = { createVideoTask:
    | { __typename: 'CreateVideoTaskPayload', task: { id: string, status: TaskStatus } }
    | { __typename: 'IdempotencyConflictError', message: string }
    | { __typename: 'InvalidInputError', message: string }
    | { __typename: 'QuotaExceededError', message: string }
   | null };

export type ReadEstimateQueryVariables = Exact<{
  id: string | number;
}>;


export type ReadEstimateQuery = { task:
    | { __typename: 'AudioTask', status: TaskStatus, estimate: { expectedEndAt: string } | null }
    | { __typename: 'ImageTask', status: TaskStatus, estimate: { expectedEndAt: string } | null }
    | { __typename: 'VideoTask', status: TaskStatus, estimate: { expectedEndAt: string } | null }
   | null };

export type CreateWithWebhookMutationVariables = Exact<{
  input: CreateImageTaskInput;
}>;


export type CreateWithWebhookMutation = { createImageTask:
    | { __typename: 'CreateImageTaskPayload', task: { id: string } }
    | { __typename: 'IdempotencyConflictError', task:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'InvalidInputError', issues: Array<{ path: Array<string>, code: InputIssueCode }> }
    | { __typename: 'QuotaExceededError' }
   | null };

export type RetryWithWebhookMutationVariables = Exact<{
  id: string | number;
}>;


export type RetryWithWebhookMutation = { retryTask:
    | { __typename: 'IdempotencyConflictError' }
    | { __typename: 'InvalidInputError' }
    | { __typename: 'QuotaExceededError' }
    | { __typename: 'RetryTaskPayload', task:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'TaskNotFoundError' }
    | { __typename: 'TaskNotRetryableError' }
   | null };

export type ReadDeliveriesQueryVariables = Exact<{
  id: string | number;
}>;


export type ReadDeliveriesQuery = { task:
    | { status: TaskStatus, revision: number, webhookDeliveries: Array<{ event: WebhookEvent, revision: number, attempt: number, at: string, statusCode: number | null, error: string | null, nextAttemptAt: string | null }> }
    | { status: TaskStatus, revision: number, webhookDeliveries: Array<{ event: WebhookEvent, revision: number, attempt: number, at: string, statusCode: number | null, error: string | null, nextAttemptAt: string | null }> }
    | { status: TaskStatus, revision: number, webhookDeliveries: Array<{ event: WebhookEvent, revision: number, attempt: number, at: string, statusCode: number | null, error: string | null, nextAttemptAt: string | null }> }
   | null };

export const TaskRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TaskRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Task"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"prompt"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"canCancel"}},{"kind":"Field","name":{"kind":"Name","value":"canRetry"}},{"kind":"Field","name":{"kind":"Name","value":"estimate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"expired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VideoTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resolution"}}]}}]}}]} as unknown as DocumentNode<TaskRowFragment, unknown>;
export const CreateOneOfEachDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateOneOfEach"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"image"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateImageTaskInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"video"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateVideoTaskInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"audio"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateAudioTaskInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createImageTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"image"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateImageTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"createVideoTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"video"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateVideoTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"createAudioTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"audio"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateAudioTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CreateOneOfEachMutation, CreateOneOfEachMutationVariables>;
export const ShowFilesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ShowFiles"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"expired"}},{"kind":"Field","name":{"kind":"Name","value":"archived"}},{"kind":"Field","name":{"kind":"Name","value":"contentType"}},{"kind":"Field","name":{"kind":"Name","value":"byteSize"}},{"kind":"Field","name":{"kind":"Name","value":"checksum"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VideoTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"videos"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"duration"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AudioTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"audios"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"duration"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ShowFilesQuery, ShowFilesQueryVariables>;
export const CreateInBurstDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateInBurst"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateImageTaskInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createImageTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateImageTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateInBurstMutation, CreateInBurstMutationVariables>;
export const TaskTableDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TaskTable"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tasks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TaskRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TaskRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Task"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"prompt"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"canCancel"}},{"kind":"Field","name":{"kind":"Name","value":"canRetry"}},{"kind":"Field","name":{"kind":"Name","value":"estimate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"expired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VideoTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resolution"}}]}}]}}]} as unknown as DocumentNode<TaskTableQuery, TaskTableQueryVariables>;
export const OneTaskDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OneTask"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TaskRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TaskRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Task"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"prompt"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"canCancel"}},{"kind":"Field","name":{"kind":"Name","value":"canRetry"}},{"kind":"Field","name":{"kind":"Name","value":"estimate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"expired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VideoTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resolution"}}]}}]}}]} as unknown as DocumentNode<OneTaskQuery, OneTaskQueryVariables>;
export const WatchTaskDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchTask"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"taskStatus"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"estimate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedEndAt"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<WatchTaskSubscription, WatchTaskSubscriptionVariables>;
export const WhoAmIDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WhoAmI"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"owner"}}]}}]}}]} as unknown as DocumentNode<WhoAmIQuery, WhoAmIQueryVariables>;
export const PageOfTasksDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PageOfTasks"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"TaskFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tasks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImageTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"request"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"additionalParameters"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<PageOfTasksQuery, PageOfTasksQueryVariables>;
export const SeededTasksDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SeededTasks"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tasks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"prompt"}},{"kind":"Field","name":{"kind":"Name","value":"warnings"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"submittedAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<SeededTasksQuery, SeededTasksQueryVariables>;
export const LearnedMediansDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LearnedMedians"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"versions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"medianSeconds"}}]}}]}}]}}]} as unknown as DocumentNode<LearnedMediansQuery, LearnedMediansQueryVariables>;
export const CreateImageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateImage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateImageTaskInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createImageTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateImageTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"upstreamTaskId"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateImageMutation, CreateImageMutationVariables>;
export const FollowTaskDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"FollowTask"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"taskStatus"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"upstreamCode"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expired"}}]}}]}}]}}]}}]} as unknown as DocumentNode<FollowTaskSubscription, FollowTaskSubscriptionVariables>;
export const ListTasksDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListTasks"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"TaskFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tasks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"changeCursor"}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"prompt"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"upstreamTaskId"}},{"kind":"Field","name":{"kind":"Name","value":"pollCount"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ListTasksQuery, ListTasksQueryVariables>;
export const CancelTaskDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelTask"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TaskAlreadySubmittedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upstreamTaskId"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<CancelTaskMutation, CancelTaskMutationVariables>;
export const FollowChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"FollowChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"TaskChangeFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ChangeCursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"taskChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"taskId"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"prompt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<FollowChangesSubscription, FollowChangesSubscriptionVariables>;
export const ReadTaskDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadTask"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"upstreamTaskId"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"upstreamCode"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ReadTaskQuery, ReadTaskQueryVariables>;
export const ReadResultsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadResults"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"upstreamTaskId"}},{"kind":"Field","name":{"kind":"Name","value":"warnings"}},{"kind":"Field","name":{"kind":"Name","value":"canRetry"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ReadResultsQuery, ReadResultsQueryVariables>;
export const TrackTaskDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"TrackTask"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"upstreamTaskId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"trackTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"upstreamTaskId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"upstreamTaskId"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TrackTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<TrackTaskMutation, TrackTaskMutationVariables>;
export const CreateVideoDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateVideo"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateVideoTaskInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createVideoTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateVideoTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateVideoMutation, CreateVideoMutationVariables>;
export const ReadEstimateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadEstimate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"estimate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedEndAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ReadEstimateQuery, ReadEstimateQueryVariables>;
export const CreateWithWebhookDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateWithWebhook"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateImageTaskInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createImageTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateImageTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<CreateWithWebhookMutation, CreateWithWebhookMutationVariables>;
export const RetryWithWebhookDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RetryWithWebhook"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryTask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RetryTaskPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<RetryWithWebhookMutation, RetryWithWebhookMutationVariables>;
export const ReadDeliveriesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadDeliveries"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"task"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AigcTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"webhookDeliveries"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"event"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"attempt"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"statusCode"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ReadDeliveriesQuery, ReadDeliveriesQueryVariables>;