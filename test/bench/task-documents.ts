import { print } from 'graphql';
import { encodeCursor } from '../../schema/cursor.ts';
import { graphql } from '../generated/index.ts';

export const pageSize = 50;

graphql(`
  fragment TaskRow on Task {
    __typename
    ... on AigcTask {
      id
      kind
      mode
      status
      revision
      prompt
      operator
      model {
        name
        version
      }
      createdAt
      endedAt
      canCancel
      canRetry
      estimate {
        progress
      }
      failure {
        code
        message
        retryable
      }
      files {
        __typename
        id
        url
        expiresAt
        expired
      }
      history {
        status
        at
        message
      }
    }
    ... on VideoTask {
      resolution
    }
  }
`);

/** What a table of tasks shows, with each task's details to fold out. */
const taskTable = graphql(`
  query TaskTable($first: Int!, $after: String!) {
    tasks(first: $first, after: $after) {
      asOf
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...TaskRow
      }
    }
  }
`);

const oneTask = graphql(`
  query OneTask($id: ID!) {
    task(id: $id) {
      ...TaskRow
    }
  }
`);

/** A request for the page after a task. */
export function pageAfter(id: string): string {
  return JSON.stringify({ query: print(taskTable), variables: { first: pageSize, after: encodeCursor(id) } });
}

/** A request for a task, with what the page shows of it. */
export function taskWith(id: string): string {
  return JSON.stringify({ query: print(oneTask), variables: { id } });
}
