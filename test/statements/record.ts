import { silentLogger } from '../../src/kit/logger.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startDisposablePostgres } from '../support/disposable-postgres.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { startRecorder } from './recorder.ts';
import { playScenario } from './scenario.ts';
import { writeStatements } from './statements.ts';

/** `npm run record-statements -- 0.2.0`: writes down what the gateway of this commit asks of PostgreSQL. */
const [release = 'unreleased'] = process.argv.slice(2);

await using server = await startDisposablePostgres();
await using directory = await createTemporaryDirectory();
await migrate(server.config, silentLogger);

const recorder = startRecorder(server.connectionString);
await playScenario(server.connectionString, directory.path, recorder);
const statements = recorder.statements();
console.log(`${statements.length} statements in ${await writeStatements(release, statements)}`);
