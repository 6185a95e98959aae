/** Requests to addresses that others chose: only over https, only to the public internet, each sent once. */
export type PublicRequests = {
  /** Resolves with the head of the answer, whatever its status: no redirect is followed. Throws an OutboundError only. */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
};

export type OutboundRequest = {
  url: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** From the moment the connection stands until the head of the answer is there. */
  headersTimeoutMs: number;
  /** How long the reader may wait for the next piece of the body. */
  stallTimeoutMs: number;
  /** For everything, from looking up the name to the last byte. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

/** Holds a connection until the body is read to its end, the answer is disposed of, or the time is over. */
export type OutboundAnswer = Disposable & {
  status: number;
  headers: Headers;
  /** As it came over the wire: nothing is decompressed. Read once; throws an OutboundError where it breaks off. */
  body: AsyncIterable<Uint8Array>;
};

export type OutboundErrorKind =
  /** Not sent, as the address isn't one of the public internet, or not over https. */
  | 'refused-address'
  /** Not sent: the name is unknown, nobody listens, or the certificate isn't accepted. */
  | 'not-connected'
  | 'timed-out'
  /** The connection ended before the answer did. */
  | 'broken-off'
  /** What came is no HTTP, or its head is too large. */
  | 'bad-answer'
  /** By the caller's own signal. */
  | 'aborted';

/** The message may be shown to whoever chose the address: it names neither addresses nor anything inside the gateway. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly kind: OutboundErrorKind;
  /** Whether the same request could work later. */
  readonly retryable: boolean;

  constructor(kind: OutboundErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.retryable = kind !== 'refused-address';
  }
}
