/** What one client may take of the server over WebSockets. */
export type WebSocketBounds = {
  maxMessageBytes: number;
  /** Frames that one message may come in. */
  maxFragments: number;
  /** Open at once with one key, or for one owner of tokens. The one local caller has any number. */
  maxSocketsPerKey: number;
  /**
   * All together: connected and not known by a valid key or token yet; where nobody has one, without connection_init. One
   * more takes the place of the oldest.
   */
  maxHalfOpen: number;
  /** Operations running at once on one socket. */
  maxSubscriptions: number;
  /** On average over 10 s, pings among them. */
  maxMessagesPerSecond: number;
  /**
   * What may lie unsent for one socket: a reader that stops reading is dropped there. The messages that brought its
   * running operations may take as much.
   */
  maxBufferedBytes: number;
};

export const usualBounds: WebSocketBounds = {
  maxMessageBytes: 1024 * 1024,
  maxFragments: 64,
  maxSocketsPerKey: 100,
  maxHalfOpen: 200,
  maxSubscriptions: 1_000,
  maxMessagesPerSecond: 200,
  maxBufferedBytes: 8 * 1024 * 1024,
};
