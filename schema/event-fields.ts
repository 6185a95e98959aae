import type { GraphQLSchema } from 'graphql';
import { isInterfaceType, isObjectType } from 'graphql';

/**
 * What the fields of events depend on, by type. `object`: only their object and their arguments. `moment`: the clock too, or
 * what this process has learned. `request`: what is read for them. An event that reaches many subscribers is executed once for
 * those of one caller that ask for the first only, and once in each millisecond with the second; a field that is not named here
 * is one of the third.
 */
export const eventFields: Record<'object' | 'moment' | 'request', Record<string, string>> = {
  object: {
    Subscription: 'taskStatus taskChanges',
    TaskChange: 'type taskId task cursor',
    Node: 'id',
    AigcTask:
      'kind mode status revision upstreamTaskId prompt model operator warnings failure files createdAt updatedAt submittedAt startedAt endedAt lastPolledAt pollCount canCancel canRetry',
    ImageTask: 'request images',
    VideoTask: 'request videos resolution width height',
    AudioTask: 'request audios videos',
    ImageTaskRequest:
      'prompt negativePrompt enhancePrompt model sceneType referenceImages outputImageCount aspectRatio resolution logo outputFormat additionalParameters storeCos operator',
    VideoTaskRequest:
      'prompt negativePrompt enhancePrompt model sceneType firstFrame lastFrame referenceImages referenceVideos referenceAudios duration aspectRatio resolution logo enableAudio enableBackgroundMusic offPeak additionalParameters storeCos operator',
    AudioTaskRequest:
      'prompt model sceneType referenceAudios referenceVideos outputFormat resourceId additionalParameters storeCos operator',
    ReferenceImage: 'url fileId referenceType',
    ReferenceVideo: 'url fileId role keepOriginalSound',
    StoreCos: 'bucketName bucketRegion bucketPath',
    ModelRef: 'name version',
    TaskFailure: 'code message upstreamCode requestId retryable',
    TaskEstimate: 'expectedEndAt latestEndAt progress',
    TaskEvent: 'status revision at message requestId',
    WebhookDelivery: 'event revision attempt at statusCode error nextAttemptAt',
    ResultFile: 'archived contentType byteSize checksum',
    VideoFile: 'duration',
    AudioFile: 'duration',
  },
  moment: {
    AigcTask: 'estimate',
    // A URL is handed out, and signed, for some time.
    ResultFile: 'url expiresAt expired',
  },
  request: {
    AigcTask: 'history webhookDeliveries retryOf',
  },
};

/** Has each field say it, as the executor reads it. */
export function markEventFields(schema: GraphQLSchema): GraphQLSchema {
  for (const [dependsOn, types] of Object.entries(eventFields)) {
    for (const [typeName, names] of Object.entries(types)) {
      for (const name of names.split(' ')) markField(schema, typeName, name, dependsOn);
    }
  }
  return schema;
}

/** Types that implement an interface have fields of their own. */
function markField(schema: GraphQLSchema, typeName: string, name: string, dependsOn: string): void {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`There is no type ${typeName} with fields.`);
  const implementing = isInterfaceType(type) ? schema.getPossibleTypes(type) : [];
  for (const each of [type, ...implementing]) {
    const field = each.getFields()[name];
    if (field === undefined) throw new Error(`${each.name} has no field ${name}.`);
    field.extensions = { ...field.extensions, dependsOn };
  }
}
