import { graphql } from '../generated/index.ts';

export const createWithWebhook = graphql(`
  mutation CreateWithWebhook($input: CreateImageTaskInput!) {
    createImageTask(input: $input) {
      __typename
      ... on CreateImageTaskPayload {
        task {
          id
        }
      }
      ... on InvalidInputError {
        issues {
          path
          code
        }
      }
      ... on IdempotencyConflictError {
        task {
          ... on AigcTask {
            id
          }
        }
      }
    }
  }
`);

export const retryWithWebhook = graphql(`
  mutation RetryWithWebhook($id: ID!) {
    retryTask(input: { id: $id }) {
      __typename
      ... on RetryTaskPayload {
        task {
          ... on AigcTask {
            id
          }
        }
      }
    }
  }
`);

export const readDeliveries = graphql(`
  query ReadDeliveries($id: ID!) {
    task(id: $id) {
      ... on AigcTask {
        status
        revision
        webhookDeliveries {
          event
          revision
          attempt
          at
          statusCode
          error
          nextAttemptAt
        }
      }
    }
  }
`);
