import type { CombinedError } from '@urql/core';
import { useClient } from 'urql';
import { explain, isUnknown } from '../client/explain.ts';
import {
  CreateAudioTaskDocument,
  type CreateAudioTaskMutation,
  CreateImageTaskDocument,
  type CreateImageTaskMutation,
  CreateVideoTaskDocument,
  type CreateVideoTaskMutation,
} from '../generated/graphql.ts';
import type { Draft } from './draft.ts';
import { audioInput, findUnsendable, imageInput, videoInput } from './input-of.ts';
import { fieldOfPath, type Issue } from './issues.ts';

export type Outcome =
  | { kind: 'created'; id: string }
  | { kind: 'mistakes'; issues: Issue[] }
  /** This form has already created a task, with another request. */
  | { kind: 'conflict'; message: string; id: string }
  | { kind: 'refused'; message: string }
  /** No answer came, so there may be a task. Sent again with the same key, it is the same one. */
  | { kind: 'unknown'; message: string };

type Result =
  | CreateImageTaskMutation['createImageTask']
  | CreateVideoTaskMutation['createVideoTask']
  | CreateAudioTaskMutation['createAudioTask'];

/** Sends a form. Never rejects: errors are outcomes. */
export function useCreate(): (draft: Draft) => Promise<Outcome> {
  const client = useClient();
  async function send(draft: Draft): Promise<{ result: Result | undefined; error: CombinedError | undefined }> {
    if (draft.kind === 'IMAGE') {
      const { data, error } = await client.mutation(CreateImageTaskDocument, { input: imageInput(draft) }).toPromise();
      return { result: data?.createImageTask, error };
    }
    if (draft.kind === 'VIDEO') {
      const { data, error } = await client.mutation(CreateVideoTaskDocument, { input: videoInput(draft) }).toPromise();
      return { result: data?.createVideoTask, error };
    }
    const { data, error } = await client.mutation(CreateAudioTaskDocument, { input: audioInput(draft) }).toPromise();
    return { result: data?.createAudioTask, error };
  }

  return async (draft) => {
    const unsendable = findUnsendable(draft);
    if (unsendable.length > 0) return { kind: 'mistakes', issues: unsendable };
    const { result, error } = await send(draft);
    if (result) return outcomeOf(result);
    return { kind: isUnknown(error) ? 'unknown' : 'refused', message: explain(error) };
  };
}

function outcomeOf(result: NonNullable<Result>): Outcome {
  switch (result.__typename) {
    case 'InvalidInputError':
      return {
        kind: 'mistakes',
        issues: result.issues.map(({ path, message }) => ({ field: fieldOfPath(path), message })),
      };
    case 'IdempotencyConflictError':
      return { kind: 'conflict', message: result.message, id: result.task.id };
    case 'QuotaExceededError': {
      const { message, retryAfterSeconds } = result;
      const when = retryAfterSeconds === null ? '' : ` Try again in ${retryAfterSeconds} s.`;
      return { kind: 'refused', message: `${message}${when}` };
    }
    default:
      return { kind: 'created', id: result.task.id };
  }
}
