/** Requests to addresses that others chose: over https, to the public internet, each sent once. */
export type PublicRequests = {
  /** Resolves with the response's head, whatever its status. Follows no redirect. Throws only OutboundErrors. */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
};

export type OutboundRequest = {
  url: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** From the connection to the response's head. */
  headersTimeoutMs: number;
  stallTimeoutMs: number;
  /** From the DNS lookup to the last byte. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

/** Holds its connection until the body was read, it is disposed of, or the time is over. */
export type OutboundAnswer = Disposable & {
  status: number;
  headers: Headers;
  /** Not decompressed. Can be read once; throws an OutboundError where it breaks off. */
  body: AsyncIterable<Uint8Array>;
};

export type OutboundErrorKind =
  'refused-address' | 'not-connected' | 'timed-out' | 'broken-off' | 'bad-answer' | 'aborted';

/** The message may be shown to the person who chose the address: it reveals nothing of the gateway and its network. */
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
