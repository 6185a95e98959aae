import { isLoopbackHost, isPublicHost } from '../request/public-host.ts';
import type { ResultFile } from './task.ts';

/**
 * Whether a result may be handed out, tried or fetched by this URL: http or https, without a password, and of the public
 * internet as far as its text tells. The given origins (as `URL.origin` spells them), the sandbox's, are exempt. A name
 * that leads to a private address is not known as one here: what follows the URL itself looks it up (src/outbound).
 */
export function isUsableResultUrl(text: string, exemptOrigins: readonly string[]): boolean {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  if (url.username !== '' || url.password !== '') return false;
  return isPublicHost(url.hostname) || isExempt(url, exemptOrigins);
}

/** A sandbox on this machine names its files by another of the machine's names than it was called by, or another port. */
function isExempt(url: URL, exemptOrigins: readonly string[]): boolean {
  if (exemptOrigins.includes(url.origin)) return true;
  return isLoopbackHost(url.hostname) && exemptOrigins.some((origin) => isLoopbackHost(new URL(origin).hostname));
}

const rememberedHosts = 1_000;
const schemeAndHost = /^https?:\/\/[^/?#\\]+/i;

/** The same for a page of files, nearly all of which lie at a few hosts: whether a host is public takes long to tell. */
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

/** What a task's owner is told of results that have no URL because theirs is not usable. */
export function resultUrlWarnings(files: readonly ResultFile[], isUsableUrl: (url: string) => boolean): string[] {
  return files.flatMap(({ url, archived }, index) => {
    if (archived !== undefined || isUsableUrl(url)) return [];
    const which = files.length === 1 ? 'the result' : `result ${index + 1}`;
    return [
      `The URL that the vendor gave for ${which} is not handed out: it does not lead to the public internet, or carries a password. Look for the file in the vendor's console.`,
    ];
  });
}
