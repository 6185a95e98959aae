import type { TaskChangeType } from '../src/domain/task/task-change.ts';
import type { GenerationMode, TaskFailureCode, TaskKind, TaskStatus } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';

type Described<Value extends string> = Record<Value, { description: string }>;

export const TaskKindEnum = builder.enumType('TaskKind', {
  description: 'What a task makes.',
  values: {
    IMAGE: { description: 'One or several images.' },
    VIDEO: { description: 'A video.' },
    AUDIO: { description: 'Music or other sound; a video where it dubs one.' },
  } satisfies Described<TaskKind>,
});

export const TaskStatusEnum = builder.enumType('TaskStatus', {
  description: "How far a task is, in the vendor's own words. From WAIT by RUN to DONE or FAIL, never back.",
  values: {
    WAIT: { description: "Waiting: in the vendor's queue, or still held back here until it can be sent." },
    RUN: { description: 'Executing.' },
    DONE: { description: 'Successful: the files are there. Final.' },
    FAIL: {
      description:
        'Failed: `failure` says why. Final, unless the code is SUBMISSION_UNCONFIRMED, TIMED_OUT, NOT_FOUND or GATEWAY_ERROR and the vendor turns out to know better.',
    },
  } satisfies Described<TaskStatus>,
});

export const GenerationModeEnum = builder.enumType('GenerationMode', {
  description: 'What a task makes out of what, read from its inputs: the Task Type of the console.',
  values: {
    TEXT_TO_IMAGE: { description: 'An image from a prompt alone.' },
    IMAGE_TO_IMAGE: { description: 'An image from reference images.' },
    TEXT_TO_VIDEO: { description: 'A video from a prompt alone.' },
    IMAGE_TO_VIDEO: { description: 'A video from a first or last frame, or from reference images.' },
    VIDEO_TO_VIDEO: { description: 'A video from reference videos.' },
    TEXT_TO_AUDIO: { description: 'Audio from a prompt alone.' },
    AUDIO_TO_AUDIO: { description: 'Audio from reference audio.' },
    VIDEO_TO_AUDIO: { description: 'Audio for reference videos, such as dubbing.' },
    UNKNOWN: { description: 'The task was made elsewhere and adopted with `trackTask`: its inputs are not known.' },
  } satisfies Described<GenerationMode>,
});

export const TaskFailureCodeEnum = builder.enumType('TaskFailureCode', {
  description: 'Why a task ended as FAIL.',
  values: {
    GENERATION_FAILED: { description: 'The vendor accepted the task and could not make the result. Not billed.' },
    GATEWAY_ERROR: {
      description:
        "The vendor's word could not be recorded here, so the task may be done and billed. It is polled once an hour for a day, and `trackTask` with its `upstreamTaskId` polls it at once; a retry would be billed again.",
    },
    REJECTED: { description: 'The vendor refused the request: a wrong parameter, or content it does not allow.' },
    SUBMISSION_UNCONFIRMED: {
      description:
        "It was sent, but no answer came, so the vendor may have accepted and billed it. It is never sent again by itself; if the vendor's word still arrives, the task goes on.",
    },
    CANCELED: { description: 'Withdrawn with `cancelTask` before it was sent.' },
    TIMED_OUT: {
      description:
        'No end came in time: 6 hours for images and audio, 24 for videos, 72 for off-peak videos. A result that comes up to a day later is still taken.',
    },
    NOT_FOUND: {
      description:
        "The vendor does not know the task's id (any more). If it turns out to know it within a day, the task goes on.",
    },
  } satisfies Described<TaskFailureCode>,
});

export const TaskChangeTypeEnum = builder.enumType('TaskChangeType', {
  description: 'What became of a task. This enum may grow: take what you do not know for UPDATED.',
  values: {
    CREATED: {
      description: 'It was not there at `after`, or when the subscription began. After a reconnect it may come twice.',
    },
    UPDATED: { description: 'It has a new revision.' },
  } satisfies Described<TaskChangeType>,
});
