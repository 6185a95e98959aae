/** A copy of a result file that the gateway keeps beyond the vendor's 12 hours. */
export type ArchivedFile = {
  /** Where it lies in the archive: letters, digits, dots, dashes and slashes. */
  key: string;
  contentType: string;
  byteSize: number;
  /** SHA-256, hex. */
  checksum: string;
  /** Of a picture or a video, in pixels; null where the file doesn't tell. */
  width: number | null;
  height: number | null;
  /** Of a video or a piece of audio, in seconds. */
  duration: number | null;
};
