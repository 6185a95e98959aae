/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query PageOfTasks($filter: TaskFilter) {\n    tasks(filter: $filter) {\n      nodes {\n        ... on ImageTask {\n          kind\n          createdAt\n          request {\n            additionalParameters\n          }\n        }\n      }\n    }\n  }\n": typeof types.PageOfTasksDocument,
    "\n  mutation CreateImage($input: CreateImageTaskInput!) {\n    createImageTask(input: $input) {\n      __typename\n      ... on CreateImageTaskPayload {\n        task {\n          id\n          status\n          upstreamTaskId\n          failure {\n            code\n            message\n          }\n        }\n      }\n      ... on UserError {\n        message\n      }\n    }\n  }\n": typeof types.CreateImageDocument,
    "\n  subscription FollowTask($id: ID!) {\n    taskStatus(id: $id) {\n      __typename\n      ... on AigcTask {\n        id\n        status\n        revision\n        failure {\n          code\n          message\n          upstreamCode\n          requestId\n        }\n        files {\n          url\n          expired\n        }\n      }\n    }\n  }\n": typeof types.FollowTaskDocument,
    "\n  query ListTasks($first: Int, $after: String, $filter: TaskFilter) {\n    tasks(first: $first, after: $after, filter: $filter) {\n      asOf\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        __typename\n        ... on AigcTask {\n          id\n          kind\n          status\n          revision\n          upstreamTaskId\n          pollCount\n          failure {\n            code\n          }\n          history {\n            status\n            revision\n          }\n        }\n      }\n    }\n  }\n": typeof types.ListTasksDocument,
};
const documents: Documents = {
    "\n  query PageOfTasks($filter: TaskFilter) {\n    tasks(filter: $filter) {\n      nodes {\n        ... on ImageTask {\n          kind\n          createdAt\n          request {\n            additionalParameters\n          }\n        }\n      }\n    }\n  }\n": types.PageOfTasksDocument,
    "\n  mutation CreateImage($input: CreateImageTaskInput!) {\n    createImageTask(input: $input) {\n      __typename\n      ... on CreateImageTaskPayload {\n        task {\n          id\n          status\n          upstreamTaskId\n          failure {\n            code\n            message\n          }\n        }\n      }\n      ... on UserError {\n        message\n      }\n    }\n  }\n": types.CreateImageDocument,
    "\n  subscription FollowTask($id: ID!) {\n    taskStatus(id: $id) {\n      __typename\n      ... on AigcTask {\n        id\n        status\n        revision\n        failure {\n          code\n          message\n          upstreamCode\n          requestId\n        }\n        files {\n          url\n          expired\n        }\n      }\n    }\n  }\n": types.FollowTaskDocument,
    "\n  query ListTasks($first: Int, $after: String, $filter: TaskFilter) {\n    tasks(first: $first, after: $after, filter: $filter) {\n      asOf\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        __typename\n        ... on AigcTask {\n          id\n          kind\n          status\n          revision\n          upstreamTaskId\n          pollCount\n          failure {\n            code\n          }\n          history {\n            status\n            revision\n          }\n        }\n      }\n    }\n  }\n": types.ListTasksDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PageOfTasks($filter: TaskFilter) {\n    tasks(filter: $filter) {\n      nodes {\n        ... on ImageTask {\n          kind\n          createdAt\n          request {\n            additionalParameters\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PageOfTasks($filter: TaskFilter) {\n    tasks(filter: $filter) {\n      nodes {\n        ... on ImageTask {\n          kind\n          createdAt\n          request {\n            additionalParameters\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateImage($input: CreateImageTaskInput!) {\n    createImageTask(input: $input) {\n      __typename\n      ... on CreateImageTaskPayload {\n        task {\n          id\n          status\n          upstreamTaskId\n          failure {\n            code\n            message\n          }\n        }\n      }\n      ... on UserError {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateImage($input: CreateImageTaskInput!) {\n    createImageTask(input: $input) {\n      __typename\n      ... on CreateImageTaskPayload {\n        task {\n          id\n          status\n          upstreamTaskId\n          failure {\n            code\n            message\n          }\n        }\n      }\n      ... on UserError {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FollowTask($id: ID!) {\n    taskStatus(id: $id) {\n      __typename\n      ... on AigcTask {\n        id\n        status\n        revision\n        failure {\n          code\n          message\n          upstreamCode\n          requestId\n        }\n        files {\n          url\n          expired\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription FollowTask($id: ID!) {\n    taskStatus(id: $id) {\n      __typename\n      ... on AigcTask {\n        id\n        status\n        revision\n        failure {\n          code\n          message\n          upstreamCode\n          requestId\n        }\n        files {\n          url\n          expired\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListTasks($first: Int, $after: String, $filter: TaskFilter) {\n    tasks(first: $first, after: $after, filter: $filter) {\n      asOf\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        __typename\n        ... on AigcTask {\n          id\n          kind\n          status\n          revision\n          upstreamTaskId\n          pollCount\n          failure {\n            code\n          }\n          history {\n            status\n            revision\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListTasks($first: Int, $after: String, $filter: TaskFilter) {\n    tasks(first: $first, after: $after, filter: $filter) {\n      asOf\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        __typename\n        ... on AigcTask {\n          id\n          kind\n          status\n          revision\n          upstreamTaskId\n          pollCount\n          failure {\n            code\n          }\n          history {\n            status\n            revision\n          }\n        }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;