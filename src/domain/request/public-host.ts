import ipaddr from 'ipaddr.js';

/** Names that only mean something inside a network (RFC 6761, 6762 with its appendix G, 8375), and what clusters use. */
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
  'test',
  'invalid',
  'svc',
  'consul',
];

/** Public names for whatever address is spelled in them, or for this very machine: made to get past checks by name. */
const namesOfAddresses = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'traefik.me',
  'backname.io',
  'localtest.me',
  'lvh.me',
  'vcap.me',
  'localho.st',
];

/** Where clouds answer with credentials, outside the ranges and suffixes that are refused anyway. */
const metadataNames = ['metadata.tencentyun.com', 'metadata.goog', 'metadata.packet.net'];
const metadataAddress = '168.63.129.16';

const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * Whether a host can be one of the public internet. Takes a URL's `hostname`: the URL parser has already turned every
 * spelling of an IPv4 address (decimal, octal, hexadecimal, full-width) into the dotted one. Names are not resolved.
 */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  return ipaddr.isValid(host) ? isPublicAddress(host) : isPublicName(host);
}

/**
 * Whether a host can be this machine only: `localhost`, or a loopback address. Takes an address as it is written, with or
 * without the brackets that a URL's `hostname` has around one of IPv6.
 */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(host) ? ipaddr.process(host).range() === 'loopback' : host === 'localhost';
}

/** Whether an IP address, as a DNS server or a socket spells it, is one of the public internet. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  // process() unwraps an IPv4 address mapped into IPv6. Other wrappings (NAT64, 6to4, Teredo) are ranges of their own.
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast' || address.toString() === metadataAddress) return false;
  // Old wrappings such as ::127.0.0.1 have no range of their own, but lie outside of what was ever given out.
  return address.kind() === 'ipv4' || address.match(globalUnicast);
}

function isPublicName(name: string): boolean {
  if (metadataNames.includes(name)) return false;
  const isWithin = (suffix: string): boolean => name === suffix || name.endsWith(`.${suffix}`);
  return name.includes('.') && ![...privateSuffixes, ...namesOfAddresses].some(isWithin);
}
