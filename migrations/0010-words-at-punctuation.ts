import { sql, type Kysely } from 'kysely';
import { indexedWords, searchWords } from '../src/store/search-words.ts';

/** Batches that are committed each: what was done stays done, and is passed over when it runs again. */
export const transaction = false;

const batch = 2_000;
/** Where the words may have changed: all other prompts have the same as before. */
const joined = /\p{Pc}|[^\s\p{P}]\p{P}+[^\s\p{P}]/u;
const lowestId = '00000000-0000-0000-0000-000000000000';

/** The words of all prompts, as this release splits them: at punctuation, too. */
export async function up(database: Kysely<never>): Promise<void> {
  for (let rows = await findIndexed(database, lowestId); rows.length > 0;) {
    const changed = rows.filter(({ prompt }) => joined.test(prompt.normalize('NFKC'))).flatMap(changeOf);
    if (changed.length > 0) {
      await sql`update task_words set words = changed.words
        from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as changed (task_id uuid, words text[])
        where task_words.task_id = changed.task_id`.execute(database);
    }
    rows = await findIndexed(database, rows.at(-1)?.id ?? lowestId);
  }
}

type Indexed = { id: string; owner: string; prompt: string; words: string[] };

async function findIndexed(database: Kysely<never>, after: string): Promise<Indexed[]> {
  const { rows } = await sql<Indexed>`
    select task.id, task_words.owner, task.prompt, task_words.words
    from task_words join task on task.id = task_words.task_id
    where task_words.task_id > ${after} and task.prompt is not null
    order by task_words.task_id limit ${batch}`.execute(database);
  return rows;
}

/** None where they are as they are to be, because they were indexed before this migration was broken off. */
function changeOf({ id, owner, prompt, words: before }: Indexed): { task_id: string; words: string[] }[] {
  const words = indexedWords(owner, searchWords(prompt));
  const isSame = words.length === before.length && words.every((word, index) => word === before[index]);
  return isSame ? [] : [{ task_id: id, words }];
}
