import { z } from 'zod';
import type { Clock } from '../kit/clock.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import { upstreamActions, UpstreamCallError, type Upstream, type UpstreamAction } from '../domain/upstream.ts';
import { audioAdapter } from './audio.ts';
import { cleanMessage } from './clean-message.ts';
import { createClient } from './client.ts';
import { imageAdapter } from './image.ts';
import type { Credentials } from './tc3-signature.ts';
import { invalidBody } from './vendor-answer.ts';
import { vendorTaskId } from './vendor-text.ts';
import { videoAdapter } from './video.ts';

const adapters = { IMAGE: imageAdapter, VIDEO: videoAdapter, AUDIO: audioAdapter } as const;
const createdSchema = z.object({ TaskId: vendorTaskId });

/** Each method makes at most one call, and throws an UpstreamCallError. Disposing waits for the calls under way. */
export function createUpstream(options: {
  /** An http(s) URL; only its origin counts. */
  endpoint: string;
  /** For an endpoint whose host does not identify the account, such as the sandbox's. */
  accountHost?: string;
  credentials: Credentials;
  region: string | null;
  accountName: string;
  clock: Clock;
  createTimeoutMs?: number;
  describeTimeoutMs?: number;
  onCall?: MetricsSink['upstreamCall'];
}): Upstream & AsyncDisposable {
  const { endpoint, credentials, region, accountName, clock } = options;
  const { accountHost = new URL(endpoint).host, createTimeoutMs = 15_000, describeTimeoutMs = 10_000 } = options;
  const client = createClient({ endpoint, credentials, region, clock });

  async function measured<T>(action: UpstreamAction, call: () => Promise<T>): Promise<T> {
    const startedAt = clock.monotonic();
    let outcome = 'ok';
    try {
      return await call();
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      options.onCall?.({ action, outcome, seconds: (clock.monotonic() - startedAt) / 1000 });
    }
  }

  return {
    account: `${accountHost}/${region ?? '-'}/${accountName}`,

    create(request, { signal } = {}) {
      const action = upstreamActions.create[request.kind];
      return measured(action, async () => {
        const call = { timeoutMs: createTimeoutMs, freshConnection: true, signal };
        const { response, requestId } = await client.call(action, createBody(request), call);
        const created = createdSchema.safeParse(response);
        if (!created.success) throw invalidBody(action, requestId);
        return { upstreamTaskId: created.data.TaskId, requestId };
      });
    },

    describe(kind, upstreamTaskId, { signal } = {}) {
      const action = upstreamActions.describe[kind];
      return measured(action, async () => {
        const call = { timeoutMs: describeTimeoutMs, freshConnection: false, signal };
        const { response, requestId } = await client.call(action, { TaskId: upstreamTaskId }, call);
        const described = adapters[kind].describe(response);
        if (described === null) throw invalidBody(action, requestId);
        const message = cleanMessage(described.message ?? '', credentials);
        return { ...described, message: message || null, requestId };
      });
    },

    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

function createBody(request: TaskRequest): object {
  switch (request.kind) {
    case 'IMAGE':
      return imageAdapter.create(request);
    case 'VIDEO':
      return videoAdapter.create(request);
    case 'AUDIO':
      return audioAdapter.create(request);
  }
}

function outcomeOf(error: unknown): string {
  if (!(error instanceof UpstreamCallError)) return 'unexpected';
  return error.phase === 'refused' ? error.code.replace(/\..*/s, '') : error.phase;
}
