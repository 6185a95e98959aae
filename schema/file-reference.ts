import { fileIdOf, fileScheme } from '../src/domain/request/file-reference.ts';
import { maxUrlLength } from '../src/domain/request/request-bounds.ts';
import { upTo } from './arguments.ts';

type ReferenceInput = { url?: string | null | undefined; fileId?: string | null | undefined };
type Referring<Input extends ReferenceInput> = Omit<Input, 'url' | 'fileId'> & { url: string; fileId?: string };

/** What is said of the URL of a reference that may name a result instead. */
export const referenceWords = {
  url: `An http or https URL that the vendor can reach, so no private address, of ${upTo(maxUrlLength)}. Either this or \`fileId\`.`,
  fileId:
    "The `id` of a result of yours, where the gateway keeps results (`ResultFile.archived`). It needn't be sent again: the vendor gets a URL of it when the task is sent.",
  givenUrl: 'As it was given: your own link may have died since. For a result of yours, `aigc-file:` and its id.',
  givenFileId: 'The `id` of the result of yours that it is. Null when a URL was given.',
};

/** Each as one text: a URL or the name of a result. Both or neither are kept as they are, for the rules to find. */
export function referencesOf<Input extends ReferenceInput>(
  given: readonly Input[] | null | undefined,
): Referring<Input>[] | null {
  const references = given?.map(({ url, fileId, ...rest }) => {
    if (typeof url !== 'string') return { ...rest, url: `${fileScheme}${fileId ?? ''}` };
    return typeof fileId === 'string' ? { ...rest, url, fileId } : { ...rest, url };
  });
  return references ?? null;
}

export function givenFileId({ url }: { url: string }): string | null {
  return fileIdOf(url);
}
