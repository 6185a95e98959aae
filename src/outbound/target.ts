import { OutboundError } from '../domain/outbound.ts';
import { isPublicHost } from '../domain/request/public-host.ts';

/** An exempt origin may be reached over http and inside a private network. */
export type Target = { url: URL; isExempt: boolean };

/** Checks everything about a URL except what its name resolves to. Throws an OutboundError. */
export function parseTarget(text: string, exemptOrigins: readonly string[]): Target {
  const url = URL.parse(text);
  if (url === null) throw refusal('This is no absolute URL.');
  if (url.username !== '' || url.password !== '') throw refusal('The URL carries a user name or password.');
  if (exemptOrigins.includes(url.origin)) return { url, isExempt: true };
  if (url.protocol !== 'https:') throw refusal('Only https URLs are called.');
  // The connector looks up names only, so an address in the URL is checked here or not at all.
  if (!isPublicHost(url.hostname)) throw privateAddressRefusal();
  return { url, isExempt: false };
}

export function privateAddressRefusal(): OutboundError {
  return refusal('The URL points into a private network. Only public addresses are called.');
}

function refusal(message: string): OutboundError {
  return new OutboundError('refused-address', message);
}
