import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Authentication, Identity } from '../authentication/authentication.ts';

export type RunningIdentities = {
  /** Calls `end` once a sweep finds that the identity is not valid any more. Returns what forgets it before. */
  hold(identity: Identity, end: () => void): () => void;
  /** Checks all held identities, unless the previous sweep still waits for its answer. Never rejects. */
  sweep(): Promise<void>;
};

/** A revoked key is accepted from memory for up to 5 s; at most one sweep later, what it opened has ended. */
export const sweepIntervalMs = 4_000;

type Held = { identity: Identity; ends: Set<() => void> };

/** For what runs longer than its request and must end with its identity: WebSockets and streams of events. */
export function createRunningIdentities(
  findEnded: Authentication['findEnded'],
  { clock, logger }: { clock: Clock; logger: Logger },
): RunningIdentities {
  const heldByKey = new Map<string, Held>();
  let isSweeping = false;

  function end(identities: readonly Identity[]): void {
    for (const identity of identities) {
      for (const endHolder of heldByKey.get(keyOf(identity))?.ends ?? []) endHolder();
    }
  }

  async function endRevoked(identities: readonly Identity[]): Promise<void> {
    isSweeping = true;
    try {
      end(await findEnded(identities));
    } catch (error) {
      logger.error({ err: error }, 'could not check which keys and tokens are still valid; trying again');
    } finally {
      isSweeping = false;
    }
  }

  return {
    hold(identity, endHolder) {
      const key = keyOf(identity);
      const held = heldByKey.get(key) ?? { identity, ends: new Set() };
      heldByKey.set(key, held);
      // The same callback may be held twice: each release is for its own.
      const ending = (): void => endHolder();
      held.ends.add(ending);
      return () => {
        held.ends.delete(ending);
        if (held.ends.size === 0 && heldByKey.get(key) === held) heldByKey.delete(key);
      };
    },
    async sweep() {
      const identities = [...heldByKey.values()].map(({ identity }) => identity);
      end(identities.filter(({ expiresAt }) => expiresAt !== null && expiresAt.getTime() <= clock.now()));
      if (!isSweeping && identities.length > 0) await endRevoked(identities);
    },
  };
}

/** Whether they end together. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
  return one === other || keyOf(one) === keyOf(other);
}

function keyOf({ credential, expiresAt, issuerKeyId }: Identity): string {
  return JSON.stringify([credential, expiresAt?.getTime(), issuerKeyId]);
}
