import type { S3Client } from '@aws-sdk/client-s3';

export type S3Location = {
  /** null for Amazon's own; else such as `https://cos.ap-singapore.myqcloud.com`, without the bucket. */
  endpoint: string | null;
  region: string;
  /** null for what the SDK finds by itself: its variables, its files. */
  credentials: { accessKeyId: string; secretAccessKey: string } | null;
  /** Whether the bucket is named in the path rather than in the host: MinIO and the like want that, Tencent COS forbids it. */
  forcePathStyle: boolean;
};

export type S3Timeouts = {
  /** For a connection to be made. */
  connectMs: number;
  /** Without a byte in either direction. A request may take longer as long as something moves. */
  stallMs: number;
};

export type S3Connection = Awaited<ReturnType<typeof connectToS3>>;

/** Sends nothing yet. The SDK is loaded here and not before, since a gateway without S3 needs not wait for it. */
export async function connectToS3(location: S3Location, timeouts: S3Timeouts) {
  const [s3, { Upload }, { getSignedUrl }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/lib-storage'),
    import('@aws-sdk/s3-request-presigner'),
  ]);
  const { endpoint, credentials, region, forcePathStyle } = location;
  const client: S3Client = new s3.S3Client({
    region,
    forcePathStyle,
    ...(endpoint === null ? {} : { endpoint }),
    ...(credentials === null ? {} : { credentials }),
    requestHandler: { connectionTimeout: timeouts.connectMs, socketTimeout: timeouts.stallMs },
    // Amazon's newer checksum headers, and waiting for a leave to send, are not known to all that speak S3. What is sent is
    // checked all the same: its SHA-256 is part of the signature.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
  });
  return { client, Upload, getSignedUrl, DeleteObject: s3.DeleteObjectCommand, GetObject: s3.GetObjectCommand };
}
