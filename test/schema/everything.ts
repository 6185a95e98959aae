/** All there is to a page of tasks, as a client would write it that wants it all: with one fragment per type. */
export const everything = `
  query Everything($first: Int, $filter: TaskFilter) {
    tasks(first: $first, filter: $filter) {
      edges { cursor node { ...WholeTask } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
      totalCountIsExact
      asOf
    }
  }
  fragment WholeTask on Task {
    __typename
    ... on AigcTask {
      id kind mode status revision upstreamTaskId prompt operator warnings
      model { name version }
      failure { code message upstreamCode requestId retryable }
      files { ...WholeFile }
      createdAt updatedAt submittedAt startedAt endedAt lastPolledAt pollCount
      estimate { expectedEndAt latestEndAt progress }
      history { status revision at message requestId }
      webhookDeliveries { event revision attempt at statusCode error nextAttemptAt }
      canCancel canRetry
      retryOf { ... on AigcTask { id status failure { code } } }
    }
    ... on ImageTask {
      images { ...WholeFile }
      request {
        prompt negativePrompt enhancePrompt model { name version } sceneType referenceImages { url referenceType }
        outputImageCount aspectRatio resolution logo outputFormat additionalParameters ...CosOfImage operator
      }
    }
    ... on VideoTask {
      videos { ...WholeFile duration }
      resolution width height
      request {
        prompt negativePrompt enhancePrompt model { name version } sceneType firstFrame lastFrame
        referenceImages { url referenceType } referenceVideos { url role keepOriginalSound } referenceAudios
        duration aspectRatio resolution logo enableAudio enableBackgroundMusic offPeak additionalParameters
        storeCos { bucketName bucketRegion bucketPath } operator
      }
    }
    ... on AudioTask {
      audios { ...WholeFile duration }
      videos { ...WholeFile duration }
      request {
        prompt model { name version } sceneType referenceAudios videoUrls: referenceVideos
        audioFormat: outputFormat resourceId
        additionalParameters storeCos { bucketName bucketRegion bucketPath } operator
      }
    }
  }
  fragment WholeFile on ResultFile { id url expiresAt expired }
  fragment CosOfImage on ImageTaskRequest { storeCos { bucketName bucketRegion bucketPath } }
`;
