import type { S3Client } from '@aws-sdk/client-s3';

export type S3Location = {
  /** null for Amazon; else such as `https://cos.ap-singapore.myqcloud.com`, without the bucket. */
  endpoint: string | null;
  region: string;
  /** null for what the SDK finds in its own variables and files. */
  credentials: { accessKeyId: string; secretAccessKey: string } | null;
  /** The bucket in the path, not in the host: MinIO and the like need that, Tencent COS forbids it. */
  forcePathStyle: boolean;
};

export type S3Timeouts = {
  connectMs: number;
  /** Without a byte in either direction. */
  stallMs: number;
};

export type S3Connection = Awaited<ReturnType<typeof connectToS3>>;

/** Sends nothing yet. The SDK is loaded only here, so that a gateway without S3 need not wait for it. */
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
    // Not all stores that speak S3 know Amazon's newer checksum headers and `Expect: 100-continue`. What is sent is checked
    // all the same: its SHA-256 is part of the signature.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
  });
  return { client, Upload, getSignedUrl, DeleteObject: s3.DeleteObjectCommand, GetObject: s3.GetObjectCommand };
}
