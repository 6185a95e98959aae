import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Authentication, Identity } from '../authentication/authentication.ts';

export type RunningIdentities = {
  /** Calls `end` as soon as a sweep finds that the identity is let in no more. Returns what forgets it before. */
  hold(identity: Identity, end: () => void): () => void;
  /** Asks after all that are held, at once, unless the last sweep still waits for its answer. Never rejects. */
  sweep(): Promise<void>;
};

/** A revoked key may be taken for valid for 5 s from memory; after one more sweep at most, what it opened has ended. */
export const sweepIntervalMs = 4_000;

type Held = { identity: Identity; ends: Set<() => void> };

/** What runs on longer than its request, and must not outlive what let it in: WebSockets, and streams of events. */
export function createRunningIdentities(
  findEnded: Authentication['findEnded'],
  { clock, logger }: { clock: Clock; logger: Logger },
): RunningIdentities {
  const heldByKey = new Map<string, Held>();
  let asking = false;

  function end(identities: readonly Identity[]): void {
    for (const identity of identities) {
      for (const endOne of heldByKey.get(keyOf(identity))?.ends ?? []) endOne();
    }
  }

  async function endRevoked(identities: readonly Identity[]): Promise<void> {
    asking = true;
    try {
      end(await findEnded(identities));
    } catch (error) {
      logger.error({ err: error }, 'could not tell which keys and tokens are still valid; trying again');
    } finally {
      asking = false;
    }
  }

  return {
    hold(identity, endOne) {
      const key = keyOf(identity);
      const held = heldByKey.get(key) ?? { identity, ends: new Set() };
      heldByKey.set(key, held);
      // The same may be held twice for the same end: each release is for its own.
      const ending = (): void => endOne();
      held.ends.add(ending);
      return () => {
        held.ends.delete(ending);
        if (held.ends.size === 0 && heldByKey.get(key) === held) heldByKey.delete(key);
      };
    },
    async sweep() {
      const identities = [...heldByKey.values()].map(({ identity }) => identity);
      // Nobody has to be asked, nor waited for, about those.
      end(identities.filter(({ expiresAt }) => expiresAt !== null && expiresAt.getTime() <= clock.now()));
      if (!asking && identities.length > 0) await endRevoked(identities);
    },
  };
}

/** Each request proves its identity anew; what is the same and ends at the same moment is asked after once. */
function keyOf({ credential, expiresAt, issuerKeyId }: Identity): string {
  return JSON.stringify([credential, expiresAt?.getTime(), issuerKeyId]);
}
