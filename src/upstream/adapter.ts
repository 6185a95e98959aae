import type { DescribeAnswer } from '../domain/upstream.ts';

export type Adapter<Request> = {
  /** The body of the Create call, without what the request doesn't set. */
  create(request: Request): object;
  /** Reads the `Response` of a Describe; null if it is malformed. Ignores unknown fields. */
  describe(response: unknown): Omit<DescribeAnswer, 'requestId'> | null;
};
