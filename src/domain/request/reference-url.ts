import type { InputIssue } from './input-issue.ts';
import { isPublicHost } from './public-host.ts';
import { maxUrlLength } from './request-bounds.ts';

/** URL parsers disagree about white space, control characters and backslashes, and so about the host. */
const absoluteHttpUrl = /^https?:\/\/[^\s\\\p{Cc}/][^\s\\\p{Cc}]*$/iu;
const credentials = /^https?:\/\/[^/?#]*@/i;

/** The upstream fetches a reference, so its URL must be public. The sandbox's origin is exempt. */
export function referenceUrlIssue(text: string, exemptOrigins: readonly string[]): Omit<InputIssue, 'path'> | null {
  if (text.length > maxUrlLength)
    return { code: 'TOO_LONG', message: `The URL is too long: at most ${maxUrlLength} characters are allowed.` };
  const url = absoluteHttpUrl.test(text) ? URL.parse(text) : null;
  if (url === null)
    return {
      code: 'NOT_A_URL',
      message: 'This is not an absolute http or https URL, such as https://example.com/a.png.',
    };
  if (credentials.test(text))
    return { code: 'NOT_ALLOWED', message: 'The URL carries a user name or password. Give one that needs neither.' };
  if (!exemptOrigins.includes(url.origin) && !isPublicHost(url.hostname))
    return {
      code: 'PRIVATE_ADDRESS',
      message: 'The URL points into a private network. Only public addresses are allowed.',
    };
  return null;
}
