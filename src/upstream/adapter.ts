import type { DescribeAnswer } from '../domain/upstream.ts';

/** The vendor's words for one kind of task. */
export type Adapter<Request> = {
  /** The body of the Create call. What the request doesn't say is not in it. */
  create(request: Request): object;
  /** What the `Response` of the Describe call tells; null if it is no such answer. Unknown fields are passed over. */
  describe(response: unknown): Omit<DescribeAnswer, 'requestId'> | null;
};
