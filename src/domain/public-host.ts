import ipaddr from 'ipaddr.js';

/** Names that only mean something inside a network (RFC 6761, 6762 with its appendix G, 8375). */
const privateSuffixes = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'home.arpa',
  'lan',
];

/** Where clouds answer with credentials, outside the ranges and suffixes that are refused anyway. */
const metadataHosts = ['metadata.tencentyun.com', 'metadata.goog', '168.63.129.16'];

const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * Whether a host can be one of the public internet. Takes a URL's `hostname`: the URL parser has already turned every
 * spelling of an IPv4 address (decimal, octal, hexadecimal, full-width) into the dotted one. Names are not resolved.
 */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  if (metadataHosts.includes(host)) return false;
  return ipaddr.isValid(host) ? isPublicAddress(host) : isPublicName(host);
}

function isPublicAddress(text: string): boolean {
  // process() unwraps an IPv4 address mapped into IPv6. Other wrappings (NAT64, 6to4, Teredo) are ranges of their own.
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  // Old wrappings such as ::127.0.0.1 have no range of their own, but lie outside of what was ever given out.
  return address.kind() === 'ipv4' || address.match(globalUnicast);
}

function isPublicName(name: string): boolean {
  return name.includes('.') && !privateSuffixes.some((suffix) => name.endsWith(`.${suffix}`));
}
