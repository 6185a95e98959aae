import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { call, type Answer, type Signing } from './signed-call.ts';

export type TestSandbox = AsyncDisposable & {
  sandbox: Sandbox;
  clock: ManualClock;
  directory: string;
  /** A signed call at the clock's time. */
  call(action: string, body: unknown, signing?: Signing): Promise<Answer>;
  /** Creates a task and returns its id. */
  create(action: string, body: unknown): Promise<string>;
};

const generousLimits = {
  CreateAigcImageTask: 10_000,
  DescribeAigcImageTask: 10_000,
  CreateAigcVideoTask: 10_000,
  DescribeAigcVideoTask: 10_000,
  CreateAigcAudioTask: 10_000,
  DescribeAigcAudioTask: 10_000,
};

/** A sandbox on a clock that stands still, in a directory that goes away with it unless it was given one. */
export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const clock = createManualClock();
  const directory = options.directory ?? (await createDirectory());
  const sandbox = await startSandbox({ port: 0, speed: 1, clock, limits: generousLimits, ...options, directory });
  const signedCall: TestSandbox['call'] = (action, body, signing) =>
    call(sandbox.endpoint, action, body, (options.clock ?? clock).now(), signing);
  return {
    sandbox,
    clock,
    directory,
    call: signedCall,
    async create(action, body) {
      const answer = await signedCall(action, body);
      if (answer.TaskId === undefined) throw new Error(`refused: ${JSON.stringify(answer)}`);
      return answer.TaskId;
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function createDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'sandbox-'));
}
