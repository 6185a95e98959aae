import ipaddr from 'ipaddr.js';

/** Names that exist only inside a network (RFC 6761, 6762 with appendix G, 8375) or a cluster. */
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

/** Public names that resolve to an address spelled in them, or to this machine: they get past a check by name. */
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

/** Where clouds serve credentials, as far as no other rule refuses it. */
const metadataNames = ['metadata.tencentyun.com', 'metadata.goog', 'metadata.packet.net'];
const metadataAddress = '168.63.129.16';

const globalUnicast = ipaddr.parseCIDR('2000::/3');

/** `hostname` of a parsed URL, which has only one spelling of an IPv4 address left. Names are not resolved. */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  return ipaddr.isValid(host) ? isPublicAddress(host) : isPublicName(host);
}

/** With or without the brackets of a URL. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(host) ? ipaddr.process(host).range() === 'loopback' : host === 'localhost';
}

export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  // process() unwraps IPv4 mapped into IPv6; other wrappings (NAT64, 6to4, Teredo) have ranges of their own.
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast' || address.toString() === metadataAddress) return false;
  // Old wrappings such as ::127.0.0.1 have no range, but lie outside of all that is assigned.
  return address.kind() === 'ipv4' || address.match(globalUnicast);
}

function isPublicName(name: string): boolean {
  if (metadataNames.includes(name)) return false;
  const isWithin = (suffix: string): boolean => name === suffix || name.endsWith(`.${suffix}`);
  return name.includes('.') && ![...privateSuffixes, ...namesOfAddresses].some(isWithin);
}
