import type { ReadTaskQuery } from '../generated/graphql.ts';

export type TaskDetail = NonNullable<ReadTaskQuery['task']>;
