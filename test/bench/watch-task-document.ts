import { print } from 'graphql';
import { graphql } from '../generated/index.ts';

const document = graphql(`
  subscription WatchTask($id: ID!) {
    taskStatus(id: $id) {
      __typename
      ... on AigcTask {
        id
        status
        revision
        startedAt
        endedAt
        estimate {
          expectedEndAt
          progress
        }
        failure {
          code
          message
        }
        files {
          id
          url
          expiresAt
        }
      }
    }
  }
`);

export const watchTask = print(document);
