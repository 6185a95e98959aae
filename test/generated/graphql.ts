/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
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

/** Why a task ended as FAIL. */
export type TaskFailureCode =
  /** Withdrawn with `cancelTask` before it was sent. */
  | 'CANCELED'
  /** The vendor accepted the task and could not make the result. Not billed. */
  | 'GENERATION_FAILED'
  /** The vendor does not know the task's id (any more). */
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
  /** The models asked for, by name, whatever the version. */
  modelNames?: Array<string> | null | undefined;
  /** What they are made from. */
  modes?: Array<GenerationMode> | null | undefined;
  /** Who asked: exactly this text, up to 255 characters. */
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
  /** Failed: `failure` says why. Final, unless the code is SUBMISSION_UNCONFIRMED or TIMED_OUT and the vendor turns out to know better. */
  | 'FAIL'
  /** Executing. */
  | 'RUN'
  /** Waiting: in the vendor's queue, or still held back here until it can be sent. */
  | 'WAIT';

export type PageOfTasksQueryVariables = Exact<{
  filter?: TaskFilter | null | undefined;
}>;


export type PageOfTasksQuery = { tasks: { nodes: Array<
      | { kind: TaskKind, createdAt: string, request: { additionalParameters: Record<string, unknown> | null } | null }
      | Record<PropertyKey, never>
    > } | null };


export const PageOfTasksDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PageOfTasks"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"TaskFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tasks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImageTask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"request"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"additionalParameters"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<PageOfTasksQuery, PageOfTasksQueryVariables>;