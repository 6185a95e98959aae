import {
  IdempotencyConflictError,
  InvalidInputError,
  QuotaExceededError,
  TaskAlreadySubmittedError,
  TaskNotFoundError,
  TaskNotRetryableError,
  UpstreamTaskNotFoundError,
} from '../src/domain/errors.ts';
import type { InputIssue as InputIssueShape, InputIssueCode } from '../src/domain/request/input-issue.ts';
import { maxIssues } from '../src/domain/request/request-bounds.ts';
import { builder } from './builder.ts';
import { Task } from './task.ts';

const UserError = builder.interfaceRef<Error>('UserError').implement({
  description: 'Why a mutation did nothing: nothing was recorded and nothing was sent.',
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'What happened and what to do, in English. Decide by the type, not by this text.',
    }),
  }),
});

const InputIssueCodeEnum = builder.enumType('InputIssueCode', {
  description: 'The rule that a value breaks.',
  values: {
    REQUIRED: { description: 'It is missing, or blank.' },
    TOO_LONG: { description: 'The text has too many characters.' },
    TOO_MANY: { description: 'The list has too many items.' },
    OUT_OF_RANGE: { description: 'The number is too small or too large.' },
    NOT_ALLOWED: { description: 'It is none of the allowed values, or does not go together with another field.' },
    NOT_A_URL: { description: 'It is not an absolute http or https URL.' },
    PRIVATE_ADDRESS: {
      description: 'The URL points into a private network, which neither the vendor nor a webhook can reach.',
    },
    UNSUPPORTED_BY_MODEL: { description: "The chosen model can't do this; `models` says what it can." },
    MALFORMED: { description: 'It is malformed.' },
  } satisfies Record<InputIssueCode, { description: string }>,
});

const InputIssue = builder.objectRef<InputIssueShape>('InputIssue').implement({
  description: "One mistake in an input, for the form's field that it belongs to.",
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description:
        'From inside `input` to the value, list indexes as strings: `["referenceImages", "0", "url"]`. Empty when it is about the input as a whole.',
    }),
    code: t.expose('code', {
      type: InputIssueCodeEnum,
      description: 'The kind of mistake, to choose your own words by.',
    }),
    message: t.exposeString('message', { description: 'What is wrong and what is allowed, in English.' }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: "The input breaks a rule, the vendor's or ours.",
  interfaces: [UserError],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssue],
      description: `The mistakes found, not only the first: up to ${maxIssues}.`,
      resolve: (error) => [...error.issues],
    }),
  }),
});

builder.objectType(IdempotencyConflictError, {
  name: 'IdempotencyConflictError',
  description: 'The idempotency key belongs to another request already. For a new task, use a new key.',
  interfaces: [UserError],
  fields: (t) => ({ task: t.expose('task', { type: Task, description: 'The task that the key belongs to.' }) }),
});

builder.objectType(QuotaExceededError, {
  name: 'QuotaExceededError',
  description: 'You have reached a quota of tasks: `viewer` has the numbers.',
  interfaces: [UserError],
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', {
      nullable: true,
      description:
        'In how many seconds trying again makes sense; an estimate, where a task has to end first. Null when that can not be predicted.',
    }),
  }),
});

builder.objectType(TaskNotFoundError, {
  name: 'TaskNotFoundError',
  description: 'None of your tasks has this id: foreign, unknown and malformed ids alike.',
  interfaces: [UserError],
});

builder.objectType(UpstreamTaskNotFoundError, {
  name: 'UpstreamTaskNotFoundError',
  description: 'The vendor knows no such task that could be yours: unknown ids and those of other callers alike.',
  interfaces: [UserError],
});

builder.objectType(TaskAlreadySubmittedError, {
  name: 'TaskAlreadySubmittedError',
  description: 'Too late to cancel: the vendor has the task, or it has ended.',
  interfaces: [UserError],
  fields: (t) => ({ task: t.expose('task', { type: Task, description: 'The task as it is now.' }) }),
});

builder.objectType(TaskNotRetryableError, {
  name: 'TaskNotRetryableError',
  description: 'The task did not end as FAIL, or its request is not known because it was adopted.',
  interfaces: [UserError],
  fields: (t) => ({ task: t.expose('task', { type: Task, description: 'The task as it is now.' }) }),
});
