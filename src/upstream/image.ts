import type {
  CreateAigcImageTaskRequest,
  DescribeAigcImageTaskResponse,
} from 'tencentcloud-sdk-nodejs-mps/tencentcloud/services/mps/v20190612/mps_models.js';
import { z } from 'zod';
import type { ImageTaskRequest } from '../domain/request/request.ts';
import type { Adapter } from './adapter.ts';
import { describedFields, urlList } from './describe-fields.ts';
import { pictureFields, pictureParameters, unlessEmpty, type VendorBody } from './vendor-body.ts';

const outputFormats = { JPEG: 'jpeg', PNG: 'png' } as const;

const describeSchema = z.object({
  ...describedFields,
  ImageUrls: urlList('IMAGE'),
} satisfies { [K in keyof DescribeAigcImageTaskResponse]: z.ZodType });

export const imageAdapter: Adapter<ImageTaskRequest> = {
  create: (request) =>
    ({
      ...pictureFields(request),
      OutputImageCount: request.outputImageCount,
      ExtraParameters: unlessEmpty({
        ...pictureParameters(request),
        OutputFormat: request.outputFormat && outputFormats[request.outputFormat],
      }),
    }) satisfies VendorBody<CreateAigcImageTaskRequest>,

  describe(response) {
    const parsed = describeSchema.safeParse(response).data;
    return parsed
      ? { status: parsed.Status, message: parsed.Message, files: parsed.ImageUrls, resolution: null }
      : null;
  },
};
