/** What the tests use of it; it brings no types. */
declare module 's3rver' {
  import type { RequestListener } from 'node:http';

  type Written = { md5: string; size: number };

  type FilesystemStore = {
    getResourcePath(bucket: string, key: string | undefined, resource: string): string;
    putPart(bucket: string, uploadId: string, partNumber: string, content: unknown): Promise<Written>;
    putObject(object: { bucket: string; key: string }): Promise<Written>;
  };

  export default class S3rver {
    constructor(options: {
      directory: string;
      silent: boolean;
      vhostBuckets: boolean;
      configureBuckets: { name: string; configs: string[] }[];
    });
    readonly store: FilesystemStore;
    readonly logger: { close(): void };
    configureBuckets(): Promise<unknown>;
    callback(): RequestListener;
  }
}
