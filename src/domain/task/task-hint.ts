import { createHash } from 'node:crypto';

/** Can be lost, late or doubled, so its reader reads the row. Owners appear as tags: the channel must not name any. */
export type TaskHint = { id: string; ownerTag: string; revision: number };

/** PostgreSQL limits a notification to less than 8,000 bytes. */
const payloadLimit = 7_900;

export const hintChannels = {
  changed: 'task_changed',
  held: 'task_held',
  followed: 'task_followed',
  leaseReleased: 'lease_released',
} as const;

/** A process has recorded tasks to send; it ignores its own hint. */
export type HeldHint = { process: string; account: string };

export function encodeHeldHint({ process, account }: HeldHint): string {
  return `${process} ${account}`;
}

export function decodeHeldHint(payload: string): HeldHint {
  const [process = '', ...account] = payload.split(' ');
  return { process, account: account.join(' ') };
}

/** Two owners may have the same tag: compare the owner as well. */
export function ownerTag(owner: string): string {
  return createHash('sha256').update(owner).digest('hex').slice(0, 16);
}

export function encodeHints(hints: readonly TaskHint[]): string[] {
  const payloads: string[] = [];
  for (const hint of hints) {
    const text = `${hint.ownerTag}:${hint.id}:${hint.revision}`;
    const last = payloads.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= payloadLimit)
      payloads[payloads.length - 1] = `${last} ${text}`;
    else payloads.push(text);
  }
  return payloads;
}

/** Skips what can't be read: other versions of the gateway use the same channel. */
export function decodeHints(payload: string): TaskHint[] {
  return payload.split(' ').flatMap((text) => {
    const [tag, id, revision] = text.split(':');
    if (tag === undefined || id === undefined || !/^\d+$/.test(revision ?? '')) return [];
    return [{ ownerTag: tag, id, revision: Number(revision) }];
  });
}
