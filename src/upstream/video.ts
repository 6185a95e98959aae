import type {
  AigcVideoReferenceVideoInfo,
  CreateAigcVideoTaskRequest,
  DescribeAigcVideoTaskResponse,
} from 'tencentcloud-sdk-nodejs-mps/tencentcloud/services/mps/v20190612/mps_models.js';
import { z } from 'zod';
import type { ReferenceVideo, VideoTaskRequest } from '../domain/request/request.ts';
import type { Adapter } from './adapter.ts';
import { describedFields, optionalText, urlList } from './describe-fields.ts';
import { audioInfos, pictureFields, pictureParameters, unlessEmpty, type VendorBody } from './vendor-body.ts';

const roles = { FEATURE: 'feature', BASE: 'base' } as const;

const describeSchema = z.object({
  ...describedFields,
  VideoUrls: urlList('VIDEO'),
  Resolution: optionalText, // "1920x1088" by the API pages, "1080*720" by the SDK
} satisfies { [K in keyof DescribeAigcVideoTaskResponse]: z.ZodType });

export const videoAdapter: Adapter<VideoTaskRequest> = {
  create: (request) =>
    ({
      ...pictureFields(request),
      ImageUrl: request.firstFrame,
      LastImageUrl: request.lastFrame,
      VideoInfos: unlessEmpty(request.referenceVideos)?.map(videoInfo),
      AudioInfos: audioInfos(request.referenceAudios),
      Duration: request.duration,
      ExtraParameters: unlessEmpty({
        ...pictureParameters(request),
        EnableAudio: request.enableAudio,
        OffPeak: request.offPeak,
        EnableBgm: request.enableBackgroundMusic,
      }),
    }) satisfies VendorBody<CreateAigcVideoTaskRequest>,

  describe(response) {
    const parsed = describeSchema.safeParse(response).data;
    return parsed
      ? { status: parsed.Status, message: parsed.Message, files: parsed.VideoUrls, resolution: parsed.Resolution }
      : null;
  },
};

function videoInfo({ url, role, keepOriginalSound }: ReferenceVideo) {
  return {
    VideoUrl: url,
    ReferType: role && roles[role],
    // The vendor's only switch in words; all others are booleans, or 0 and 1.
    KeepOriginalSound: keepOriginalSound === undefined ? undefined : keepOriginalSound ? 'yes' : 'no',
  } satisfies VendorBody<AigcVideoReferenceVideoInfo>;
}
