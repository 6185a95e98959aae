export type WebSocketBounds = {
  maxMessageBytes: number;
  maxFragments: number;
  /** Open at once for one API key, or one owner of tokens. Not for the local caller. */
  maxSocketsPerKey: number;
  /**
   * All sockets that are not authenticated yet; without authentication, those without connection_init. One more closes the
   * oldest.
   */
  maxHalfOpen: number;
  maxSubscriptions: number;
  /** On average over 10 s, pings included. */
  maxMessagesPerSecond: number;
  /** Unsent bytes of one socket, beyond which it is dropped, and likewise the messages of its running operations. */
  maxBufferedBytes: number;
};

export const defaultWebSocketBounds: WebSocketBounds = {
  maxMessageBytes: 1024 * 1024,
  maxFragments: 64,
  maxSocketsPerKey: 100,
  maxHalfOpen: 200,
  maxSubscriptions: 1_000,
  maxMessagesPerSecond: 200,
  maxBufferedBytes: 8 * 1024 * 1024,
};
