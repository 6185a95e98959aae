import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

export type Child = Disposable & {
  pid: number;
  /** Has the child do something and answers what it answered. One call at a time. */
  call(command: object): Promise<unknown>;
};

const answerSchema = z.union([z.object({ answer: z.unknown() }), z.object({ error: z.string() })]);

/** A process of its own: a load generator shares no event loop, and no CPU time that is counted, with the gateway. */
export function startChild(
  file: URL,
  commandLine: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Child {
  // Without the parent's flags: a profile is wanted of the gateway only.
  const env = { ...process.env, ...environment };
  const child = fork(file, commandLine, { execArgv: [], serialization: 'advanced', env });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`The child process ended with code ${String(code)}.`);
  });
  exited.catch(() => {}); // heard by whoever waits for an answer then
  if (child.pid === undefined) throw new Error(`${file.pathname} could not be started.`);
  return {
    pid: child.pid,
    async call(command) {
      child.send(command);
      const [message]: unknown[] = await Promise.race([once(child, 'message'), exited]);
      const result = answerSchema.parse(message);
      if ('error' in result) throw new Error(`The child process failed: ${result.error}`);
      return result.answer;
    },
    [Symbol.dispose]: () => void child.kill(),
  };
}

/** The child's side. */
export function answerCommands<Command>(schema: z.ZodType<Command>, run: (command: Command) => Promise<unknown>): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (message) => {
    void run(schema.parse(message)).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
}
