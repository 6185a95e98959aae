/** The gateway's copy of a result file. */
export type ArchivedFile = {
  key: string;
  contentType: string;
  byteSize: number;
  /** SHA-256, hex. */
  checksum: string;
  /** Of a picture or a video, in pixels; null where the file doesn't say. */
  width: number | null;
  height: number | null;
  /** Of video or audio, in seconds. */
  duration: number | null;
};
