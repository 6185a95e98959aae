import { execFile } from 'node:child_process';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { ifPresent } from '../kit/system-error.ts';

export type Account = { uid: number; gid: number } | null;

export type Command = { file: string; arguments: string[]; identity: { uid?: number; gid?: number } };

export type RunAs = (program: string, programArguments: string[]) => Command;

/** PostgreSQL refuses to run as root. Root lends it the account that owns the data, else `postgres`, else `nobody`. */
export async function findAccount(dataFolder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  const owner = await ifPresent(stat(dataFolder));
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([name]) => name === wanted) ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  const message = 'PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to lend to it.';
  throw new EmbeddedPostgresError('NO_ACCOUNT', `${message} Start the gateway as another user, or set DATABASE_URL.`);
}

/**
 * How to run programs as `account`, which needs access to all of `paths`. Where a folder above them is closed to it (a
 * clone under /root, say), it keeps one capability of root's that passes closed folders: CAP_DAC_OVERRIDE.
 */
export async function createRunAs(account: Account, paths: string[]): Promise<RunAs> {
  if (!account) return (file, programArguments) => ({ file, arguments: programArguments, identity: {} });
  const closed = await findClosedFolder(account, paths);
  if (closed === undefined)
    return (file, programArguments) => ({ file, arguments: programArguments, identity: account });
  await checkPassingDoors(account, closed);
  return (program, programArguments) => passingDoors(account, program, programArguments);
}

/** Without `no_setuid_fixup`, access(2), by which initdb finds its programs, ignores the capability. */
function passingDoors({ uid, gid }: NonNullable<Account>, program: string, programArguments: string[]): Command {
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  const ability = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override'];
  return { file: 'setpriv', arguments: [...identity, ...ability, '--', program, ...programArguments], identity: {} };
}

async function checkPassingDoors(account: NonNullable<Account>, closedFolder: string): Promise<void> {
  const probe = passingDoors(account, 'test', ['-x', closedFolder]);
  try {
    await promisify(execFile)(probe.file, probe.arguments);
  } catch (cause) {
    const message =
      `PostgreSQL does not run as root, and user ${account.uid}, whom it would run as, can't get into ${closedFolder}. ` +
      'Open that folder to others (chmod o+x), move the project and DATA_DIR elsewhere, ' +
      'start the gateway as another user than root, or set DATABASE_URL to a server of your own.';
    throw new EmbeddedPostgresError('NOT_REACHABLE', message, { cause });
  }
}

/** The outermost folder or file on the way to `paths` that the account may not enter or execute. */
async function findClosedFolder(account: NonNullable<Account>, paths: string[]): Promise<string | undefined> {
  for (const path of paths) {
    for (const step of stepsTo(await realpath(path))) {
      const { mode, uid, gid } = await stat(step);
      const executable = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
      if ((mode & executable) === 0) return step;
    }
  }
  return undefined;
}

function stepsTo(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...stepsTo(parent), path];
}
