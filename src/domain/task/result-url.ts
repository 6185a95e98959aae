import { isLoopbackHost, isPublicHost } from '../request/public-host.ts';
import type { ResultFile } from './task.ts';

/**
 * Whether a result may be handed out, tried or fetched by this URL: http or https, without a password, and public as far
 * as its text tells. `exemptOrigins` (the sandbox's) as `URL.origin` spells them. A name that resolves to a private
 * address is found only by what connects to it (src/outbound).
 */
export function isUsableResultUrl(text: string, exemptOrigins: readonly string[]): boolean {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  if (url.username !== '' || url.password !== '') return false;
  return isPublicHost(url.hostname) || isExempt(url, exemptOrigins);
}

/** A sandbox on this machine may name its files by another of the machine's names, or another port, than it was called by. */
function isExempt(url: URL, exemptOrigins: readonly string[]): boolean {
  if (exemptOrigins.includes(url.origin)) return true;
  return isLoopbackHost(url.hostname) && exemptOrigins.some((origin) => isLoopbackHost(new URL(origin).hostname));
}

const rememberedHosts = 1_000;
const schemeAndHost = /^https?:\/\/[^/?#\\]+/i;

/** With a cache: nearly all files of a page lie at a few hosts, and whether a host is public takes long to find out. */
export function createResultUrlCheck(exemptOrigins: readonly string[]): (url: string) => boolean {
  const judged = new Map<string, boolean>();
  return (url) => {
    const place = schemeAndHost.exec(url)?.[0];
    if (place === undefined) return false;
    const known = judged.get(place);
    if (known !== undefined) return known;
    if (judged.size >= rememberedHosts) judged.clear();
    const isUsable = isUsableResultUrl(url, exemptOrigins);
    judged.set(place, isUsable);
    return isUsable;
  };
}

export function resultUrlWarnings(files: readonly ResultFile[], isUsableUrl: (url: string) => boolean): string[] {
  return files.flatMap(({ url, archived }, index) => {
    if (archived !== undefined || isUsableUrl(url)) return [];
    const which = files.length === 1 ? 'the result' : `result ${index + 1}`;
    return [
      `The URL that the vendor gave for ${which} is not handed out: it does not lead to the public internet, or carries a password. Look for the file in the vendor's console.`,
    ];
  });
}
