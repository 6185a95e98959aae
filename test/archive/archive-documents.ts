import { graphql } from '../generated/index.ts';

export const createOneOfEach = graphql(`
  mutation CreateOneOfEach(
    $image: CreateImageTaskInput!
    $video: CreateVideoTaskInput!
    $audio: CreateAudioTaskInput!
  ) {
    createImageTask(input: $image) {
      ... on CreateImageTaskPayload {
        task {
          id
        }
      }
    }
    createVideoTask(input: $video) {
      ... on CreateVideoTaskPayload {
        task {
          id
        }
      }
    }
    createAudioTask(input: $audio) {
      ... on CreateAudioTaskPayload {
        task {
          id
        }
      }
    }
  }
`);

export const showFiles = graphql(`
  query ShowFiles($id: ID!) {
    task(id: $id) {
      ... on AigcTask {
        status
        revision
        files {
          id
          url
          expiresAt
          expired
          archived
          contentType
          byteSize
          checksum
        }
      }
      ... on VideoTask {
        width
        height
        videos {
          duration
        }
      }
      ... on AudioTask {
        audios {
          duration
        }
      }
    }
  }
`);
