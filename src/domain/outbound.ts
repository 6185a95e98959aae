/** Requests to addresses that others chose: only over https, only to the public internet, each sent once. */
export type PublicRequests = {
  /** Resolves with the head of the response, whatever its status. Follows no redirect. Throws only OutboundErrors. */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
};

export type OutboundRequest = {
  url: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** From the connection to the head of the response. */
  headersTimeoutMs: number;
  stallTimeoutMs: number;
  /** For everything, from the DNS lookup to the last byte. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

/** Holds its connection until the body was read, the answer is disposed of, or the time is over. */
export type OutboundAnswer = Disposable & {
  status: number;
  headers: Headers;
  /** As it came over the wire, not decompressed. Can be read once; throws an OutboundError where it breaks off. */
  body: AsyncIterable<Uint8Array>;
};

export type OutboundErrorKind =
  'refused-address' | 'not-connected' | 'timed-out' | 'broken-off' | 'bad-answer' | 'aborted';

/** The message may be shown to the person who chose the address: it reveals no addresses and nothing of the gateway. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly kind: OutboundErrorKind;
  readonly retryable: boolean;

  constructor(kind: OutboundErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.retryable = kind !== 'refused-address';
  }
}
