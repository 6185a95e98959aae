import { isIPv6, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { OutboundError } from '../domain/outbound.ts';
import { isPublicAddress } from '../domain/request/public-host.ts';
import type { Lookup } from './lookup.ts';
import { privateAddressRefusal } from './target.ts';

/**
 * A lookup for a connector: the addresses that it hands over are the ones that were checked, so that no second answer
 * of the DNS can come in between.
 *
 * One private address among public ones is enough to refuse the name. To use the public ones would be as safe, but a
 * public server has no private address: such a name is a trap or a mistake, and which answer it gives is chance.
 */
export function guardLookup(lookup: Lookup): LookupFunction {
  async function findAddresses(hostname: string) {
    const addresses = await lookup(hostname);
    if (addresses.length === 0) throw new OutboundError('not-connected', 'The host name has no address.');
    if (!addresses.every(isPublicAddress)) throw privateAddressRefusal();
    return addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  }

  // The connector always asks for all addresses (autoSelectFamily).
  const find = callbackify(findAddresses);
  return (hostname, _options, callback) => find(hostname, callback);
}
