import type { ArchivedFile } from '../domain/task/archived-file.ts';

export type Dimensions = Pick<ArchivedFile, 'width' | 'height' | 'duration'>;

export const none: Dimensions = { width: null, height: null, duration: null };

/** What the thread that reads needs to know. It crosses a thread boundary, so it is plain data. */
export type DimensionsJob = { descriptor: number; byteSize: number; contentType: string };
