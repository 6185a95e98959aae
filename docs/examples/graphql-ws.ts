import { createClient, type Client, type FormattedExecutionResult } from 'graphql-ws';

export type Task = {
  id: string;
  status: 'WAIT' | 'RUN' | 'DONE' | 'FAIL';
  revision: number;
  failure: { code: string; message: string } | null;
  files: { url: string | null }[];
};

const taskFields = `... on AigcTask { id status revision failure { code message } files { url } }`;

/**
 * One WebSocket for the whole page. When it is lost it comes back, and each subscription starts with its task as it is
 * then. Where the gateway asks who calls, `getToken` is asked for a token before each connection: when one has expired,
 * the gateway closes the socket, and the next connection brings a new one.
 */
export function connect(url: string, getToken?: () => string | Promise<string>): Client {
  const connectionParams = async () => getToken && { Authorization: `Bearer ${await getToken()}` };
  return createClient({ url, connectionParams, retryAttempts: Infinity, shouldRetry: () => true });
}

/** Make the key when the form is opened. Whatever is sent twice, by you or by a reconnect, is then made and paid for once. */
export async function createImage(client: Client, prompt: string, idempotencyKey: string): Promise<Task> {
  const query = `mutation ($input: CreateImageTaskInput!) {
    createImageTask(input: $input) {
      ... on CreateImageTaskPayload { task { ${taskFields} } }
      ... on UserError { message }
    }
  }`;
  type Data = { createImageTask: { task: Task } | { message: string } };
  for await (const result of client.iterate<Data>({ query, variables: { input: { prompt, idempotencyKey } } })) {
    const { createImageTask: answer } = dataOf(result);
    if ('message' in answer) throw new Error(answer.message);
    return answer.task;
  }
  throw new Error('The gateway did not answer.');
}

/** The task as it is now, then at each change; ends after DONE or FAIL. */
export async function* follow(client: Client, id: string): AsyncGenerator<Task> {
  const query = `subscription ($id: ID!) { taskStatus(id: $id) { ${taskFields} } }`;
  for await (const result of client.iterate<{ taskStatus: Task }>({ query, variables: { id } })) {
    yield dataOf(result).taskStatus;
  }
}

function dataOf<Data>({ data, errors }: FormattedExecutionResult<Data, unknown>): Data {
  if (errors || !data) throw new Error(errors?.map(({ message }) => message).join(' ') ?? 'The answer is empty.');
  return data;
}
