import type { DescribeAnswer } from '../domain/upstream.ts';

export type Adapter<Request> = {
  create(request: Request): object;
  /** null for a malformed response; unknown fields are ignored. */
  describe(response: unknown): Omit<DescribeAnswer, 'requestId'> | null;
};
