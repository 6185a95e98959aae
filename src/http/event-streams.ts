import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../logger.ts';
import type { Identity } from './authentication/authentication.ts';
import type { RunningIdentities } from './running-identities.ts';

/** What an operation's transport knows of it. `req` and `res` are there for HTTP only. */
export type ServerContext = { identity: Identity; req?: IncomingMessage; res?: ServerResponse };

export type ServerPlugin = Plugin<ServerContext, ServerContext>;

export type EventStreams = {
  plugin: ServerPlugin;
  /** Ends the streams of readers that have taken nothing since the last call although there was something to take. */
  dropStalled(): void;
  end(): void;
};

/** The subscriptions that are answered as server-sent events. */
export function createEventStreams(hold: RunningIdentities['hold'], logger: Logger): EventStreams {
  const sentBytes = new Map<ServerResponse, number>();
  let ended = false;
  return {
    plugin: {
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
