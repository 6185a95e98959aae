import { cp, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showFiles } from '../archive/archive-documents.ts';
import { createTestDatabase } from '../support/database.ts';
import { createVideo, followTask } from '../support/documents.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { runCommandLine } from '../support/run-command.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const sandboxSpeed = { SANDBOX_SPEED: '500' };
const fromSources = /^Started +from the sources, as (.+): npm run build makes a new one$/m;

test.each(['src/start.js', 'src/main.ts'])(
  '%s: a video is drawn, kept and measured, and the end is in order',
  async (program) => {
    await using directory = await createTemporaryDirectory();
    await using database = await createTestDatabase();
    const ARCHIVE = pathToFileURL(join(directory.path, 'archive')).href;
    const environment = { DATABASE_URL: database.connectionString, ARCHIVE, ...sandboxSpeed };
    await using gateway = await startGatewayProcess(directory.path, environment, resolve(program));
    expect(gateway.output()).not.toMatch(fromSources);
    const { createVideoTask } = await gateway.ask(createVideo, { input: { prompt: 'a lighthouse', duration: 3 } });
    if (createVideoTask?.__typename !== 'CreateVideoTaskPayload') throw new Error(JSON.stringify(createVideoTask));
    const { id } = createVideoTask.task;
    for await (const { data } of gateway.watch(followTask, { id })) expect(data?.taskStatus?.status).not.toBe('FAIL');
    const showTask = async () => (await gateway.ask(showFiles, { id })).task;
    // Drawn by a thread of the sandbox, measured by one of the archive.
    await expect
      .poll(showTask)
      .toMatchObject({ status: 'DONE', files: [{ archived: true }], width: expect.any(Number) });
    expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null });
  },
);

let project: Awaited<ReturnType<typeof copyProject>>;
beforeAll(async () => void (project = await copyProject()));
afterAll(() => project[Symbol.asyncDispose]());

test('an edit is run at once, and it is said that the bundle is not', async () => {
  expect(await project.start()).not.toMatch(fromSources);
  const edited = join(project.path, 'src/gateway/describe-gateway.ts');
  await writeFile(edited, (await readFile(edited, 'utf8')).replace('`Callers    ', '`Edited     '));
  const output = await project.start();
  expect(fromSources.exec(output)?.[1]).toBe('the bundle was made from others');
  expect(output).toMatch(/^Edited /m);

  await project.build();
  expect(await project.start()).not.toMatch(fromSources);
});

test('in place of a damaged bundle the sources run, and it is said', async () => {
  await project.build();
  const bundle = join(project.path, '.bundle');
  const [part = ''] = (await readdir(bundle)).filter((name) => name.startsWith('server-') && name.endsWith('.js'));
  const { size } = await stat(join(bundle, part));
  await truncate(join(bundle, part), size - 1_000);
  expect(fromSources.exec(await project.start())?.[1]).toBe('the bundle is damaged');
});

test('where an error happened is told by its source', async () => {
  await using directory = await createTemporaryDirectory();
  const env = { DATA_DIR: directory.path, DATABASE_URL: 'postgres://127.0.0.1:1/none', PORT: '0', SANDBOX_PORT: '0' };
  const { code, stdout, stderr } = await runCommandLine(process.execPath, [resolve('src/start.js')], {
    cwd: directory.path,
    env: { ...env, LOG_LEVEL: 'debug' },
  });
  expect(code).toBe(1);
  expect(stdout).not.toMatch(fromSources);
  const source = resolve('src/store/open-database.ts');
  const [, line = ''] = stderr.match(new RegExp(`${source.replaceAll('\\', '\\\\')}:(\\d+):\\d+`)) ?? [];
  expect((await readFile(source, 'utf8')).split('\n')[Number(line) - 1]).toContain('new Error(');
});

/** A checkout of its own, with a bundle. */
async function copyProject() {
  const directory = await createTemporaryDirectory();
  const { path } = directory;
  for (const name of ['src', 'schema', 'migrations', 'package.json', 'package-lock.json'])
    await cp(resolve(name), join(path, name), { recursive: true });
  await symlink(resolve('node_modules'), join(path, 'node_modules'), 'junction');
  const builder = pathToFileURL(join(path, 'src/bundle/build-bundle.ts')).href;
  const build = async () => {
    const program = `await (await import(${JSON.stringify(builder)})).buildBundle(process.argv[1]);`;
    const words = ['--input-type=module', '-e', program, join(path, '.bundle')];
    expect(await runCommandLine(process.execPath, words, { cwd: path, env: {} })).toMatchObject({ code: 0 });
  };
  await build();
  return {
    path,
    build,
    async start() {
      const data = join(path, 'data');
      await mkdir(data, { recursive: true });
      await using database = await createTestDatabase();
      const environment = { DATABASE_URL: database.connectionString };
      await using gateway = await startGatewayProcess(data, environment, join(path, 'src/start.js'));
      await gateway.end('SIGTERM');
      return gateway.output();
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}
