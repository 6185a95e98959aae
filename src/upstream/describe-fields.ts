import { z } from 'zod';
import type { ResultFile, ResultFileType } from '../domain/task/task.ts';
import { fetchableUrl, vendorWord } from './vendor-text.ts';

/** May be missing, null or empty. */
export const optionalText = vendorWord
  .nullable()
  .catch(null)
  .transform((value) => value || null);

/** The fields of every Describe. Only the status is required; the message is still raw. */
export const describedFields = {
  Status: vendorWord.pipe(z.string().min(1)),
  Message: z.string().nullable().catch(null),
};

const list = z.array(z.unknown()).catch([]);
const mediaSchema = z.object({ Url: z.unknown(), Duration: z.number().nonnegative().nullable().catch(null) });

/** The list and its entries may be missing or null. */
export function urlList(type: ResultFileType) {
  return list.transform((entries) => entries.flatMap((url) => resultFiles(type, url, null)));
}

export function mediaList(type: ResultFileType) {
  return list.transform((entries) =>
    entries.flatMap((entry) => {
      const media = mediaSchema.safeParse(entry);
      return media.success ? resultFiles(type, media.data.Url, media.data.Duration) : [];
    }),
  );
}

function resultFiles(type: ResultFileType, value: unknown, duration: number | null): ResultFile[] {
  const url = fetchableUrl(value);
  return url === null ? [] : [{ type, url, duration }];
}
