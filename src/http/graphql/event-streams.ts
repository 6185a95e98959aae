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
import { createPlaces } from '../request/places.ts';

export type EventStreams = {
  plugin: ServerPlugin;
  /** Ends the streams of readers that have taken nothing since the last call although there was something to take. */
  dropStalled(): void;
  end(): void;
};

export type EventStreamsOptions = {
  hold: RunningIdentities['hold'];
  /** Open at once with one key, or for one owner of tokens. The one local caller has any number. */
  maxStreamsPerKey: number;
  logger: Logger;
};

/** The subscriptions that are answered as server-sent events. */
export function createEventStreams({ hold, maxStreamsPerKey, logger }: EventStreamsOptions): EventStreams {
  const places = createPlaces(maxStreamsPerKey);
  const sentBytes = new Map<ServerResponse, number>();
  let ended = false;
  return {
    plugin: {
      onSubscribe({ args: { contextValue }, setSubscribeFn }) {
        const { req, res, identity } = contextValue;
        if (!req || !res) return;
        const leavePlace = identity === localIdentity ? () => {} : places.take(identity.credential);
        if (leavePlace) onceClosed(res, leavePlace);
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
        // Cut off as below: the reader comes again, and is told what is wrong with its key.
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
    /** By cutting them off: a stream that ended in good order would tell its reader that nothing more will come. */
    end() {
      ended = true;
      for (const response of sentBytes.keys()) response.destroy();
    },
  };
}

/** Left to itself, Yoga answers an empty 406. */
function onlyAsStream(): GraphQLError {
  return new GraphQLError('A subscription is answered as text/event-stream: accept that.', {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } },
  });
}

function tooManyStreams(): GraphQLError {
  return asGraphQLError(rateLimited('This key has too many streams of events open. Close some first.', 1));
}
