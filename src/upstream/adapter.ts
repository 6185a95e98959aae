import type { DescribeAnswer } from '../domain/upstream.ts';

export type Adapter<Request> = {
  create(request: Request): object;
  /** Reads the `Response` of a Describe; null if it is malformed. Ignores unknown fields. */
  describe(response: unknown): Omit<DescribeAnswer, 'requestId'> | null;
};
