/**
 * Scripts, styles and connections from here only, and nothing inline. Pictures and recordings are where the vendor, a
 * bucket or the archive keeps them: anywhere with TLS, and at these origins.
 */
export function pagePolicy(resultOrigins: readonly string[]): string {
  const results = ["'self'", 'https:', ...resultOrigins].join(' ');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    `img-src ${results}`,
    `media-src ${results}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
