const task = `
  id: ID! kind: String! mode: String! status: String! revision: Int! prompt: String operator: String model: ModelRef
  createdAt: DateTime! endedAt: DateTime canCancel: Boolean! canRetry: Boolean! estimate: TaskEstimate
  failure: TaskFailure files: [ResultFile!]! history: [TaskEvent!]!`;
const file = 'id: ID! url: String expiresAt: DateTime expired: Boolean!';

/** What the documents need of the gateway's schema. */
export const typeDefinitions = `
  scalar DateTime
  type Query {
    tasks(first: Int!, after: String!): TaskConnection
    task(id: ID!): Task
  }
  type TaskConnection { asOf: DateTime! pageInfo: PageInfo! nodes: [Task!]! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  union Task = ImageTask | VideoTask | AudioTask
  interface AigcTask { ${task} }
  type ImageTask implements AigcTask { ${task} }
  type VideoTask implements AigcTask { ${task} resolution: String }
  type AudioTask implements AigcTask { ${task} }
  type ModelRef { name: String! version: String }
  type TaskEstimate { progress: Float! }
  type TaskFailure { code: String! message: String! retryable: Boolean! }
  interface ResultFile { ${file} }
  type ImageFile implements ResultFile { ${file} }
  type VideoFile implements ResultFile { ${file} }
  type AudioFile implements ResultFile { ${file} }
  type TaskEvent { status: String! at: DateTime! message: String }
`;
