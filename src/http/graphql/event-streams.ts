import type { ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { Logger } from '../../kit/logger.ts';
import { accepts } from '../request/acceptable.ts';
import { localIdentity } from '../authentication/authentication.ts';
import { asGraphQLError, rateLimited } from '../request/refused-request.ts';
import type { RunningIdentities } from '../request/running-identities.ts';
import type { ServerPlugin } from './server-plugin.ts';
import { onceClosed } from '../request/once-closed.ts';
import { createSlots } from '../../kit/slots.ts';

export type EventStreams = {
  plugin: ServerPlugin;
  /** Ends the streams whose readers have taken nothing since the last call although something was waiting. */
  dropStalled(): void;
  end(): void;
};

export type EventStreamsOptions = {
  hold: RunningIdentities['hold'];
  /** Open at once for one API key, or one owner of tokens. Not for the local caller. */
  maxStreamsPerKey: number;
  logger: Logger;
};

export function createEventStreams({ hold, maxStreamsPerKey, logger }: EventStreamsOptions): EventStreams {
  const slots = createSlots(maxStreamsPerKey);
  const sentBytes = new Map<ServerResponse, number>();
  let ended = false;
  return {
    plugin: {
      onSubscribe({ args: { contextValue }, setSubscribeFn }) {
        const { req, res, identity } = contextValue;
        if (!req || !res) return;
        const releaseSlot = identity === localIdentity ? () => {} : slots.take(identity.credential);
        if (releaseSlot) onceClosed(res, releaseSlot);
        else setSubscribeFn(() => ({ errors: [tooManyStreams()] }));
        return {
          onSubscribeResult({ result, setResult }) {
            if (isAsyncIterable(result) && !accepts(req, 'text/event-stream')) setResult({ errors: [onlyAsStream()] });
          },
        };
      },
      onResponse({ response, serverContext: { res, identity } }) {
        if (!res || !response.headers.get('content-type')?.startsWith('text/event-stream')) return;
        sentBytes.set(res, 0);
        // Cut off, as in end(): the reader connects again, and then learns what is wrong with its key.
        const release = hold(identity, () => res.destroy());
        res.once('close', () => {
          sentBytes.delete(res);
          release();
        });
        if (ended) res.destroy();
      },
    },
    dropStalled() {
      for (const [response, before] of sentBytes) {
        const now = response.socket?.bytesWritten ?? 0;
        sentBytes.set(response, now);
        if (!response.writableNeedDrain || now > before) continue;
        logger.warn('dropped a reader of server-sent events that stopped reading');
        response.destroy();
      }
    },
    /** Cuts the connections: a stream that ended in good order would tell its reader that it is complete. */
    end() {
      ended = true;
      for (const response of sentBytes.keys()) response.destroy();
    },
  };
}

/** Yoga's own answer is an empty 406. */
function onlyAsStream(): GraphQLError {
  return new GraphQLError('A subscription is answered as text/event-stream: accept that.', {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } },
  });
}

function tooManyStreams(): GraphQLError {
  return asGraphQLError(rateLimited('This key has too many streams of events open. Close some first.', 1));
}
