import { Resolver } from 'node:dns/promises';

/** The IP addresses of a name, in the order in which they are tried. Rejects with a system error if there is none. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

// Two tries, the second one twice as long: together they stay within the time for a connection.
const firstTryMs = 1000;
const tries = 2;

/**
 * Asks the machine's DNS servers, or the given ones. Not getaddrinfo: it can't be given up and runs on two threads that
 * all lookups of the process share, so that two slow names chosen by strangers would keep the gateway from reaching
 * the upstream. What it knows besides DNS (/etc/hosts) lies in private networks anyway.
 */
export function createLookup(servers?: readonly string[]): Lookup {
  return async (hostname) => {
    const resolver = new Resolver({ timeout: firstTryMs, tries });
    if (servers !== undefined) resolver.setServers(servers);
    const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    // IPv4 first: nearly every server has it, and many networks lose IPv6 silently.
    const addresses = [ipv4, ipv6].flatMap((found) => (found.status === 'fulfilled' ? found.value : []));
    if (addresses.length === 0 && ipv4.status === 'rejected') throw ipv4.reason;
    return addresses;
  };
}
