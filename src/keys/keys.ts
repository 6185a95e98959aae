import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readConfig } from '../config/config.ts';
import { type ApiKey, makeApiKey, mayHoldSecret, parseApiKey } from '../domain/api-key.ts';
import { quote } from '../domain/request/text.ts';
import { showWebhookSecret } from './webhook-secret.ts';
import { runCommand, UsageError } from '../kit/command-line.ts';
import { silentLogger } from '../kit/logger.ts';
import { insertApiKey, listApiKeys, revokeApiKey } from '../store/api-keys.ts';
import type { Database } from '../store/database.ts';
import { openDatabase } from '../store/open-database.ts';

const usage = `Usage:
  npm run keys -- create --owner <owner> --name <name>   makes a key for the owner's tasks, and shows it this once
  npm run keys -- list [--owner <owner>]                 lists keys, the newest first
  npm run keys -- revoke <id>                            ends a key for good
  npm run keys -- webhook-secret --owner <owner>         shows what signs the owner's webhooks; --rotate makes a new one
In a script, npm run --silent keys -- … prints the answer only.`;

type Place = { database: Database; description: string; takesKeys: boolean; webhookSecrets: readonly string[] };

/** Results go to stdout, so that `KEY=$(… create …)` holds the key and nothing else; the rest goes to stderr. */
type Command = (place: Place) => Promise<void>;

const value = { type: 'string' } as const;

/** Throws what is wrong with the arguments. */
function commandOf([verb, ...args]: readonly string[]): Command {
  switch (verb) {
    case 'create': {
      const { owner, name } = parseArgs({ args, options: { owner: value, name: value } }).values;
      if (owner === undefined || name === undefined) throw new UsageError('create needs --owner and --name.');
      return create(makeApiKey({ owner, name }));
    }
    case 'list':
      return list(parseArgs({ args, options: { owner: value } }).values.owner);
    case 'revoke': {
      const [id, ...more] = parseArgs({ args, allowPositionals: true }).positionals;
      if (id === undefined || more.length > 0) throw new UsageError('revoke needs the id of one key.');
      // A key that was found somewhere may be pasted whole, with its header: not everyone knows which part is the id.
      return revoke(parseApiKey(id.trim().replace(/^Bearer +/i, ''))?.id ?? id);
    }
    case 'webhook-secret': {
      const { owner, rotate } = parseArgs({ args, options: { owner: value, rotate: { type: 'boolean' } } }).values;
      if (owner === undefined) throw new UsageError('webhook-secret needs --owner.');
      return showWebhookSecret(owner, rotate ?? false);
    }
    default:
      throw new UsageError(verb === undefined ? 'Say what to do.' : `There is no command "${verb}".`);
  }
}

function create({ key, text }: ReturnType<typeof makeApiKey>): Command {
  return async ({ database, description, takesKeys }) => {
    await insertApiKey(database, key);
    console.error(`Made ${nameOf(key)}, in ${description}.`);
    console.error('It is shown this once; only a hash of it is kept. Send it as Authorization: Bearer <key>');
    if (!takesKeys) console.error('AUTH_MODE has no api-key here: as long as it has none, keys open nothing.');
    console.log(text);
  };
}

function list(owner: string | undefined): Command {
  return async ({ database, description }) => {
    const keys = await listApiKeys(database, owner);
    if (keys.length === 0)
      console.error(`There are no keys${owner === undefined ? '' : ` of ${owner}`} in ${description}.`);
    else console.log(tableOf(keys));
  };
}

function revoke(id: string): Command {
  return async ({ database, description }) => {
    const found = await revokeApiKey(database, id);
    if (found === null) {
      const what = mayHoldSecret(id) ? 'an id as long as that' : `the id ${quote(id)}`;
      throw new Error(`No key in ${description} has ${what}. npm run keys -- list shows them all.`);
    }
    const { key, isNew } = found;
    if (isNew) console.log(`Revoked ${nameOf(key)}. Within 10 seconds it opens nothing any more.`);
    else console.log(`${nameOf(key)} was revoked before, at ${timeOf(key.revokedAt)}.`);
  };
}

function nameOf({ id, owner, name }: Pick<ApiKey, 'id' | 'owner' | 'name'>): string {
  return `key ${id} of ${owner}, "${name}"`;
}

/** Names may be Chinese, and so of any width: they stand last. */
function tableOf(keys: readonly ApiKey[]): string {
  const rows = keys.map((key) => [key.id, timeOf(key.createdAt), timeOf(key.revokedAt), key.owner, key.name]);
  const table = [['ID', 'CREATED', 'REVOKED', 'OWNER', 'NAME'], ...rows];
  const widthOf = (column: number): number => Math.max(...table.map((row) => row[column]?.length ?? 0));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widthOf(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function timeOf(moment: Date | null): string {
  return moment === null ? '-' : `${moment.toISOString().slice(0, 19)}Z`;
}

async function carryOut(command: Command): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env);
  // The gateway's own database, also while the gateway runs: of all that use an embedded one, the last to leave stops it.
  await using opened = await openDatabase(config, silentLogger);
  const { access, webhooks } = config;
  await command({ ...opened, takesKeys: access.modes.includes('api-key'), webhookSecrets: webhooks.secrets });
}

await runCommand(usage, (words) => {
  const command = commandOf(words);
  return () => carryOut(command);
});
