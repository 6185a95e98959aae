import type {
  AigcAudioReferenceAudioInfo,
  AigcStoreCosParam,
  CreateAigcAudioTaskRequest,
} from 'tencentcloud-sdk-nodejs-mps/tencentcloud/services/mps/v20190612/mps_models.js';
import type { ImageTaskRequest, TaskRequest, VideoTaskRequest } from '../domain/request/request.ts';

/** The SDK's type of a body, in which a field may also be undefined: serialising leaves it out. */
export type VendorBody<T> = T extends object ? { [K in keyof T]: VendorBody<T[K]> | undefined } : T;

type CommonFields = Pick<
  CreateAigcAudioTaskRequest,
  'ModelName' | 'ModelVersion' | 'SceneType' | 'Prompt' | 'AdditionalParameters' | 'StoreCosParam' | 'Operator'
>;

export function commonFields(request: TaskRequest) {
  const { model, additionalParameters, storeCos } = request;
  return {
    ModelName: model?.name,
    ModelVersion: model?.version,
    SceneType: request.sceneType,
    Prompt: request.prompt,
    AdditionalParameters: additionalParameters && JSON.stringify(additionalParameters),
    StoreCosParam:
      storeCos &&
      ({
        CosBucketName: storeCos.bucketName,
        CosBucketRegion: storeCos.bucketRegion,
        CosBucketPath: storeCos.bucketPath,
      } satisfies VendorBody<AigcStoreCosParam>),
    Operator: request.operator,
  } satisfies VendorBody<CommonFields>;
}

export function pictureFields(request: ImageTaskRequest | VideoTaskRequest) {
  return {
    ...commonFields(request),
    NegativePrompt: request.negativePrompt,
    EnhancePrompt: request.enhancePrompt,
    // The SDK's comments mention a field Text (for PixVerse) that neither its types nor the API pages have.
    ImageInfos: unlessEmpty(request.referenceImages)?.map((image) => ({
      ImageUrl: image.url,
      ReferenceType: image.referenceType,
    })),
  };
}

export function pictureParameters(request: ImageTaskRequest | VideoTaskRequest) {
  return {
    AspectRatio: request.aspectRatio,
    Resolution: request.resolution,
    LogoAdd: request.logo === undefined ? undefined : Number(request.logo),
  };
}

export function audioInfos(urls: string[] | undefined) {
  return unlessEmpty(urls)?.map((url) => ({ AudioUrl: url })) satisfies
    VendorBody<AigcAudioReferenceAudioInfo>[] | undefined;
}

/** An empty list or object is not sent at all. */
export function unlessEmpty<T extends object>(value: T | undefined): T | undefined {
  return value && Object.values(value).some((field) => field !== undefined) ? value : undefined;
}
