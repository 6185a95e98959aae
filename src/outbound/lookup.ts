import { Resolver } from 'node:dns/promises';

/** The IP addresses of a name, in the order to try them. Rejects with a system error if there is none. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

// The second of two tries takes twice as long: together they stay within the time for a connection.
const firstTryMs = 1000;
const tries = 2;

/**
 * Queries the machine's DNS servers, or the given ones. Not getaddrinfo: it can't be aborted, and all look-ups of the
 * process share its two threads, so that two slow names chosen by strangers would cut the gateway off from the upstream.
 * What getaddrinfo knows besides DNS (/etc/hosts) is in private networks anyway.
 */
export function createLookup(servers?: readonly string[]): Lookup {
  return async (hostname) => {
    const resolver = new Resolver({ timeout: firstTryMs, tries });
    if (servers !== undefined) resolver.setServers(servers);
    const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    // IPv4 first: nearly every server has it, and many networks drop IPv6 silently.
    const addresses = [ipv4, ipv6].flatMap((found) => (found.status === 'fulfilled' ? found.value : []));
    if (addresses.length === 0 && ipv4.status === 'rejected') throw ipv4.reason;
    return addresses;
  };
}
