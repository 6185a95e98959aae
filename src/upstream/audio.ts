import type {
  CreateAigcAudioTaskRequest,
  DescribeAigcAudioTaskResponse,
} from 'tencentcloud-sdk-nodejs-mps/tencentcloud/services/mps/v20190612/mps_models.js';
import { z } from 'zod';
import type { AudioTaskRequest } from '../domain/request/request.ts';
import type { Adapter } from './adapter.ts';
import { describedFields, mediaList } from './describe-fields.ts';
import { audioInfos, commonFields, unlessEmpty, type VendorBody } from './vendor-body.ts';

const outputFormats = { MP3: 'mp3', WAV: 'wav' } as const;

const describeSchema = z.object({
  ...describedFields,
  AudioInfos: mediaList('AUDIO'),
  VideoInfos: mediaList('VIDEO'), // video dubbing
} satisfies { [K in keyof DescribeAigcAudioTaskResponse]: z.ZodType });

export const audioAdapter: Adapter<AudioTaskRequest> = {
  create: (request) =>
    ({
      ...commonFields(request),
      VideoInfos: unlessEmpty(request.referenceVideos)?.map((url) => ({ VideoUrl: url })),
      AudioInfos: audioInfos(request.referenceAudios),
      OutputAudioFormat: request.outputFormat && outputFormats[request.outputFormat],
      ExtraParameters: unlessEmpty({ ResourceId: request.resourceId }),
    }) satisfies VendorBody<CreateAigcAudioTaskRequest>,

  describe(response) {
    const parsed = describeSchema.safeParse(response).data;
    return parsed
      ? {
          status: parsed.Status,
          message: parsed.Message,
          files: [...parsed.AudioInfos, ...parsed.VideoInfos],
          resolution: null,
        }
      : null;
  },
};
