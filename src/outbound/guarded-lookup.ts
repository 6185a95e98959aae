import { isIPv6, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { OutboundError } from '../domain/outbound.ts';
import { isPublicAddress } from '../domain/request/public-host.ts';
import type { Lookup } from './lookup.ts';
import { privateAddressRefusal } from './target.ts';

// The connector gets exactly the addresses that were checked: there is no second DNS answer that could differ. One private
// address among public ones refuses the name: a public server has none, so it is a trap or a mistake.
export function guardLookup(lookup: Lookup): LookupFunction {
  async function findAddresses(hostname: string) {
    const addresses = await lookup(hostname);
    if (addresses.length === 0) throw new OutboundError('not-connected', 'The host name has no address.');
    if (!addresses.every(isPublicAddress)) throw privateAddressRefusal();
    return addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  }

  // The connector always requests all addresses (autoSelectFamily).
  const find = callbackify(findAddresses);
  return (hostname, _options, callback) => find(hostname, callback);
}
