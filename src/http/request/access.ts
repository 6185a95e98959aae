/** Who may reach what, over HTTP and for the handshake of a WebSocket. */
export type HttpAccess = {
  /** Whether callers have to prove who they are. */
  authenticated: boolean;
  /** Whether only requests are answered that name this machine as localhost or by a loopback address. */
  loopbackOnly: boolean;
  /** Of pages that may call from elsewhere; `*` for all. */
  corsOrigins: readonly string[];
  /** Where browsers reach the gateway, when that was said: an origin of its own, whatever a proxy makes of Host. */
  publicOrigin: string | null;
  graphiql: boolean;
  /** Whether the schema can be asked for. */
  introspection: boolean;
  /** Operations a second for each credential; null: any number. */
  rateLimit: number | null;
  /** Opens /metrics where callers have to prove who they are. */
  metricsToken: string | null;
};

/** As it is without any configuration. */
export const localAccess: HttpAccess = {
  authenticated: false,
  loopbackOnly: true,
  corsOrigins: [],
  publicOrigin: null,
  graphiql: true,
  introspection: true,
  rateLimit: null,
  metricsToken: null,
};
