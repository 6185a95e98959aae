/** The gateway's copy of a result file, kept beyond the vendor's 12 hours. */
export type ArchivedFile = {
  /** Its path in the archive: letters, digits, dots, dashes and slashes. */
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
