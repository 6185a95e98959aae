/**
 * Scripts, styles and connections from here only, and nothing inline. Pictures and recordings are where the vendor, a
 * bucket or the archive keeps them: anywhere with TLS, and at these origins.
 */
export function pagePolicy(resultOrigins: readonly string[]): string {
  return [
    ...policyOf({ scripts: "'self'", styles: "'self'", connections: "'self'", resultOrigins }),
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** For the page from its sources: Vite adds inline scripts and styles, and announces edits over a WebSocket of its own. */
export function sourcePolicy(resultOrigins: readonly string[], updatePort: number): string {
  const connections = `'self' ws://localhost:${updatePort} ws://127.0.0.1:${updatePort}`;
  const inline = "'self' 'unsafe-inline'";
  return policyOf({ scripts: inline, styles: inline, connections, resultOrigins }).join('; ');
}

type Allowed = { scripts: string; styles: string; connections: string; resultOrigins: readonly string[] };

function policyOf({ scripts, styles, connections, resultOrigins }: Allowed): string[] {
  const results = ["'self'", 'https:', ...resultOrigins].join(' ');
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    `style-src ${styles}`,
    `connect-src ${connections}`,
    `img-src ${results}`,
    `media-src ${results}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
}
