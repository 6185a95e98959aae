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
      changeCursor
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
          prompt
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

export const cancelTask = graphql(`
  mutation CancelTask($id: ID!) {
    cancelTask(input: { id: $id }) {
      __typename
      ... on CancelTaskPayload {
        task {
          ... on AigcTask {
            status
            failure {
              code
            }
          }
        }
      }
      ... on TaskAlreadySubmittedError {
        task {
          ... on AigcTask {
            upstreamTaskId
          }
        }
      }
    }
  }
`);

export const followChanges = graphql(`
  subscription FollowChanges($filter: TaskChangeFilter, $after: ChangeCursor) {
    taskChanges(filter: $filter, after: $after) {
      type
      taskId
      cursor
      task {
        ... on AigcTask {
          id
          status
          revision
          prompt
        }
      }
    }
  }
`);

export const readTask = graphql(`
  query ReadTask($id: ID!) {
    task(id: $id) {
      __typename
      ... on AigcTask {
        id
        status
        revision
        upstreamTaskId
        failure {
          code
          upstreamCode
          requestId
        }
        history {
          status
        }
      }
    }
  }
`);

export const readResults = graphql(`
  query ReadResults($id: ID!) {
    task(id: $id) {
      __typename
      ... on AigcTask {
        status
        upstreamTaskId
        warnings
        canRetry
        failure {
          code
          message
          requestId
          retryable
        }
        files {
          url
        }
      }
    }
  }
`);

export const trackTask = graphql(`
  mutation TrackTask($upstreamTaskId: String!) {
    trackTask(input: { upstreamTaskId: $upstreamTaskId }) {
      __typename
      ... on TrackTaskPayload {
        task {
          ... on AigcTask {
            id
            status
            failure {
              code
            }
          }
        }
      }
      ... on UserError {
        message
      }
    }
  }
`);

export const createVideo = graphql(`
  mutation CreateVideo($input: CreateVideoTaskInput!) {
    createVideoTask(input: $input) {
      __typename
      ... on CreateVideoTaskPayload {
        task {
          id
          status
        }
      }
      ... on UserError {
        message
      }
    }
  }
`);

export const readEstimate = graphql(`
  query ReadEstimate($id: ID!) {
    task(id: $id) {
      __typename
      ... on AigcTask {
        status
        estimate {
          expectedEndAt
        }
      }
    }
  }
`);
