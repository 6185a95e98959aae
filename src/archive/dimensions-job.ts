import type { ArchivedFile } from '../domain/task/archived-file.ts';

export type Dimensions = Pick<ArchivedFile, 'width' | 'height' | 'duration'>;

export const none: Dimensions = { width: null, height: null, duration: null };

/** Plain data, because it is sent to a thread. */
export type DimensionsJob = { descriptor: number; byteSize: number; contentType: string };
