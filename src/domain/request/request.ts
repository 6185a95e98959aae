/** Named as in the API. Absent: the upstream decides. */
type CommonRequest = {
  prompt?: string;
  model?: { name: string; version?: string };
  sceneType?: string;
  /** Passed on verbatim, as JSON. */
  additionalParameters?: Record<string, unknown>;
  storeCos?: { bucketName: string; bucketRegion: string; bucketPath?: string };
  operator?: string;
};

/** `url` may name a result (file-reference.ts). A `fileId` that is left beside it is a mistake. */
type Reference = { url: string; fileId?: string };
export type ReferenceImage = Reference & { referenceType?: string };
export type ReferenceVideo = Reference & { role?: 'FEATURE' | 'BASE'; keepOriginalSound?: boolean };

type PictureRequest = CommonRequest & {
  negativePrompt?: string;
  enhancePrompt?: boolean;
  referenceImages?: ReferenceImage[];
  aspectRatio?: string;
  resolution?: string;
  logo?: boolean;
};

export type ImageTaskRequest = PictureRequest & {
  kind: 'IMAGE';
  outputImageCount?: number;
  outputFormat?: 'JPEG' | 'PNG';
};

export type VideoTaskRequest = PictureRequest & {
  kind: 'VIDEO';
  firstFrame?: string;
  lastFrame?: string;
  referenceVideos?: ReferenceVideo[];
  referenceAudios?: string[];
  /** Seconds. */
  duration?: number;
  enableAudio?: boolean;
  enableBackgroundMusic?: boolean;
  /** Made within 48 hours, or canceled by the vendor. */
  offPeak?: boolean;
};

export type AudioTaskRequest = CommonRequest & {
  kind: 'AUDIO';
  referenceAudios?: string[];
  referenceVideos?: string[];
  outputFormat?: 'MP3' | 'WAV';
  resourceId?: string;
};

export type TaskRequest = ImageTaskRequest | VideoTaskRequest | AudioTaskRequest;
export type RequestOf<K extends TaskRequest['kind']> = Extract<TaskRequest, { kind: K }>;
