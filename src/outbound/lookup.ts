import { Resolver } from 'node:dns/promises';

/** IP addresses in the order to try them. Rejects with a system error if there is none. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

// The second of two tries takes twice as long: together they stay within the time for a connection.
const firstTryMs = 1000;
const tries = 2;

// DNS only, not getaddrinfo: that can't be aborted, and all lookups of the process share its two threads, so two slow names
// chosen by strangers would cut the gateway off from the upstream. What else it knows (/etc/hosts) is private anyway.
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
