import { Readable } from 'node:stream';
import { namesOfKey } from './archive-key.ts';
import { ArchiveStoreError, type ArchiveStore, type PresignOptions } from './archive-store.ts';
import { contentDisposition } from './content-disposition.ts';
import { putFrom } from './put-from.ts';
import { reasonOf } from '../kit/reason-of.ts';
import { connectToS3, type S3Connection, type S3Location, type S3Timeouts } from './s3-connection.ts';

export type S3StoreOptions = S3Location & {
  bucket: string;
  /** Of all keys, such as `gateway/results`; may be empty. */
  prefix: string;
  timeouts?: S3Timeouts;
};

const defaultTimeouts: S3Timeouts = { connectMs: 5_000, stallMs: 60_000 };

/** A part has 5 MiB, the minimum of S3: with those being gathered, a put takes up to 20 MiB of memory. */
const partsAtOnce = 2;

/**
 * Keeps files in a bucket. It is not contacted at the start, because a store that is away must not keep the gateway from
 * starting, and a key that may only put, get and delete could check nothing. Rejects with `UNUSABLE_CREDENTIALS` where the
 * SDK has to find them by itself and finds none, or temporary ones.
 */
export async function openS3Store({
  bucket,
  prefix,
  timeouts = defaultTimeouts,
  ...location
}: S3StoreOptions): Promise<ArchiveStore> {
  const folder = prefix.split('/').filter((name) => name !== '');
  const place = ['s3:/', bucket, ...folder].join('/');
  const objectOf = (key: string) => ({ Bucket: bucket, Key: [...folder, ...namesOfKey(key)].join('/') });
  let connection: Promise<S3Connection> | null = null;
  const connect = (): Promise<S3Connection> => (connection ??= connectToS3(location, timeouts));
  if (location.credentials === null) await checkCredentials(await connect());

  return {
    description: location.endpoint === null ? place : `${place} at ${location.endpoint}`,
    pathOf: () => null,
    // A lifecycle rule of the bucket removes parts of unfinished uploads: our key may not list them.
    sweep: () => Promise.resolve(),

    async put(key, content, { contentType }) {
      const object = objectOf(key);
      await putFrom(
        content,
        async (chunks) => upload(await connect(), { ...object, ContentType: contentType }, chunks),
        (cause) => explain('PUT_FAILED', `"${key}" could not be kept in ${place}`, cause),
      );
    },

    async remove(key) {
      const object = objectOf(key);
      try {
        const { client, DeleteObject } = await connect();
        await client.send(new DeleteObject(object));
      } catch (cause) {
        throw explain('REMOVE_FAILED', `"${key}" could not be removed from ${place}`, cause);
      }
    },

    async presign(key, options) {
      const object = objectOf(key);
      try {
        return await presignUrl(await connect(), object, options);
      } catch (cause) {
        throw explain('PRESIGN_FAILED', `No URL could be signed for "${key}" in ${place}`, cause);
      }
    },

    async [Symbol.asyncDispose]() {
      (await connection)?.client.destroy();
    },
  };
}

type S3Object = { Bucket: string; Key: string };

/** In parts, because the length is not known beforehand. After a failure they are removed. */
async function upload(
  { client, Upload }: S3Connection,
  object: S3Object & { ContentType: string },
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const params = { ...object, Body: Readable.from(content) };
  await new Upload({ client, params, queueSize: partsAtOnce }).done();
}

async function presignUrl(
  { client, getSignedUrl, GetObject }: S3Connection,
  object: S3Object,
  { at, expiresAt, contentType, fileName, asAttachment }: PresignOptions,
): Promise<string> {
  const get = new GetObject({
    ...object,
    ResponseContentType: contentType,
    ResponseContentDisposition: contentDisposition(fileName, asAttachment),
  });
  // A URL holds its start and its life in whole seconds.
  const expiresIn = Math.ceil(expiresAt.getTime() / 1_000) - Math.floor(at.getTime() / 1_000);
  return getSignedUrl(client, get, { signingDate: at, expiresIn });
}

const remedy = 'Give the gateway an access key of its own, with ARCHIVE_ACCESS_KEY_ID and ARCHIVE_SECRET_ACCESS_KEY.';

/** The SDK asks its own sources once, and keeps what never expires. */
async function checkCredentials({ client }: S3Connection): Promise<void> {
  const { sessionToken } = await client.config.credentials().catch((cause: unknown) => {
    const message = `No credentials for the archive were found: ${reasonOf(cause)}. ${remedy}`;
    throw new ArchiveStoreError('UNUSABLE_CREDENTIALS', message, { cause });
  });
  if (sessionToken === undefined) return;
  const message =
    'The credentials that were found for the archive are temporary, as those of a role are. A URL ends with the credentials ' +
    `that signed it, so that it would be dead before its time. ${remedy}`;
  throw new ArchiveStoreError('UNUSABLE_CREDENTIALS', message);
}

function explain(code: 'PUT_FAILED' | 'REMOVE_FAILED' | 'PRESIGN_FAILED', what: string, cause: unknown) {
  if (cause instanceof ArchiveStoreError) return cause;
  return new ArchiveStoreError(code, `${what}: ${reasonOf(cause)}`, { cause });
}
