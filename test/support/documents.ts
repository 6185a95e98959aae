import { graphql } from '../generated/index.ts';

export const createImage = graphql(`
  mutation CreateImage($input: CreateImageTaskInput!) {
    createImageTask(input: $input) {
      __typename
      ... on CreateImageTaskPayload {
        task {
          id
          status
          upstreamTaskId
          failure {
            code
            message
          }
        }
      }
      ... on UserError {
        message
      }
    }
  }
`);

export const followTask = graphql(`
  subscription FollowTask($id: ID!) {
    taskStatus(id: $id) {
      __typename
      ... on AigcTask {
        id
        status
        revision
        failure {
          code
          message
          upstreamCode
          requestId
        }
        files {
          url
          expired
        }
      }
    }
  }
`);

export const listTasks = graphql(`
  query ListTasks($first: Int, $after: String, $filter: TaskFilter) {
    tasks(first: $first, after: $after, filter: $filter) {
      asOf
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        __typename
        ... on AigcTask {
          id
          kind
          status
          revision
          upstreamTaskId
          pollCount
          failure {
            code
          }
          history {
            status
            revision
          }
        }
      }
    }
  }
`);
