import type { IncomingMessage } from 'node:http';
import { RefusedRequest } from './refused-request.ts';

/** What answers can be written as. */
const mediaTypes = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
] as const;

type Range = { type: string; subtype: string; quality: number };

/**
 * Refuses by a RefusedRequest 406 what takes no answer that there is (RFC 9110, 12.5.1). To be called before anything is
 * executed: Yoga looks only when the answer is there, and then the client never hears of what it has paid for.
 */
export function checkAcceptable(request: IncomingMessage): void {
  if (mediaTypes.some((mediaType) => accepts(request, mediaType))) return;
  throw new RefusedRequest(
    406,
    'Nothing was executed: accept application/json, application/graphql-response+json, or text/event-stream.',
  );
}

export function accepts({ headers: { accept } }: IncomingMessage, mediaType: string): boolean {
  const ranges = (accept?.trim() || '*/*').toLowerCase().split(',').flatMap(rangesOf);
  return qualityOf(mediaType, ranges) > 0;
}

/** Whether an answer may be compressed like this (RFC 9110, 12.5.3). Who says nothing of it gets it as it is. */
export function acceptsEncoding({ headers }: IncomingMessage, encoding: string): boolean {
  const ranges = (headers['accept-encoding'] ?? '').toLowerCase().split(',').map(codingOf);
  const range = ranges.find(({ coding }) => coding === encoding) ?? ranges.find(({ coding }) => coding === '*');
  return range !== undefined && range.quality > 0;
}

function codingOf(text: string): { coding: string; quality: number } {
  const [coding = '', quality = 'q=1'] = text.split(';').map((part) => part.replaceAll(/\s/g, ''));
  return { coding, quality: Number(quality.replace(/^q=/, '')) };
}

/** None for one in another charset than ours. */
function rangesOf(text: string): Range[] {
  const [mediaType = '', ...parameters] = text.split(';').map((part) => part.replaceAll(/\s/g, ''));
  const [type = '', subtype = ''] = mediaType.split('/');
  const valueOf = (name: string) => parameters.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  if ((valueOf('charset') ?? 'utf-8') !== 'utf-8') return [];
  return [{ type, subtype, quality: Number(valueOf('q') ?? 1) }];
}

/** The most exact range decides. 0: not acceptable. */
function qualityOf(mediaType: string, ranges: readonly Range[]): number {
  const [type = '', subtype = ''] = mediaType.split('/');
  const qualitiesOf = (ofType: string, ofSubtype: string) =>
    ranges.filter((range) => range.type === ofType && range.subtype === ofSubtype).map(({ quality }) => quality);
  const [quality = 0] = [...qualitiesOf(type, subtype), ...qualitiesOf(type, '*'), ...qualitiesOf('*', '*')];
  return quality;
}
