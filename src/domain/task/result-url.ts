import { isLoopbackHost, isPublicHost } from '../request/public-host.ts';
import type { ResultFile } from './task.ts';

/**
 * Whether a URL may be handed out, tried or fetched: http or https, without a password, and public as far as its text says. A
 * name that resolves to a private address is refused only when it is connected to (src/outbound).
 */
export function isUsableResultUrl(text: string, exemptOrigins: readonly string[]): boolean {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  if (url.username !== '' || url.password !== '') return false;
  return isPublicHost(url.hostname) || isExempt(url, exemptOrigins);
}

/** A sandbox on this machine may name its files by another name or port than it is called by. */
function isExempt(url: URL, exemptOrigins: readonly string[]): boolean {
  if (exemptOrigins.includes(url.origin)) return true;
  return isLoopbackHost(url.hostname) && exemptOrigins.some((origin) => isLoopbackHost(new URL(origin).hostname));
}

const rememberedHosts = 1_000;
const schemeAndHost = /^https?:\/\/[^/?#\\]+/i;

/** With a cache, because the check is slow and nearly all files lie at a few hosts. */
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
