export type HttpAccess = {
  authenticated: boolean;
  /** Whether only requests are answered that name this machine as localhost or by a loopback address. */
  loopbackOnly: boolean;
  /** Origins whose pages may call; `*` for all. */
  corsOrigins: readonly string[];
  /** PUBLIC_URL's origin: the gateway's own, whatever Host a proxy sends. */
  publicOrigin: string | null;
  graphiql: boolean;
  introspection: boolean;
  /** Operations per second for each credential; null: unlimited. */
  rateLimit: number | null;
  metricsToken: string | null;
};

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
