import { type Identity, localIdentity } from '../authentication/authentication.ts';
import { rateLimited, type RefusedRequest } from '../request/refused-request.ts';
import { isSameIdentity, type RunningIdentities } from '../request/running-identities.ts';
import type { HalfOpenSockets } from './half-open.ts';
import type { Slots } from '../../kit/slots.ts';

export type SocketOwner = {
  isAuthenticated(): boolean;
  /** With the connection's own credentials. Throws a RefusedRequest 429 where the key has too many sockets. */
  connectAs(identity: Identity): void;
  /**
   * With an operation's credentials, if the connection has none. Throws likewise. Until the returned release, the socket
   * ends with this identity.
   */
  operateAs(identity: Identity): () => void;
  leave(): void;
};

export type SocketOwnerOptions = {
  sockets: Slots;
  halfOpen: HalfOpenSockets;
  hold: RunningIdentities['hold'];
  end(): void;
  giveWay(): void;
};

const heldByConnection = (): void => {};

/** A socket always holds one slot: a half-open one until it is authenticated, then one of its key's. */
export function createSocketOwner(
  identity: Identity | null,
  { sockets, halfOpen, hold, end, giveWay }: SocketOwnerOptions,
): SocketOwner {
  let owner: Identity | null = null;
  let broughtByConnection = false;
  let left = false;
  let releaseSlot = identity ? () => {} : halfOpen.add(giveWay);
  let release = (): void => {};

  /** Each operation may bring a newer token: the socket lives as long as the newest. */
  function renew(newest: Identity): void {
    if (left) return;
    if (newest.credential !== owner?.credential) {
      const releaseNext = takeSlot(sockets, newest);
      releaseSlot();
      releaseSlot = releaseNext;
    }
    owner = newest;
    release();
    release = hold(newest, end);
  }

  function connectAs(newest: Identity): void {
    renew(newest);
    broughtByConnection = true;
  }

  if (identity) connectAs(identity);
  return {
    isAuthenticated: () => owner !== null,
    connectAs,
    operateAs(newest) {
      if (!broughtByConnection) renew(newest);
      // The connection holds its own for longer than any operation runs.
      else if (owner && isSameIdentity(newest, owner)) return heldByConnection;
      return hold(newest, end);
    },
    leave() {
      left = true;
      releaseSlot();
      release();
    },
  };
}

export function checkSlot({ sockets }: Pick<SocketOwnerOptions, 'sockets'>, identity: Identity | null): void {
  if (identity && sockets.isFull(identity.credential)) throw tooManySockets();
}

/** Not counted for the local caller: it may be a crowd without keys. */
function takeSlot(sockets: Slots, identity: Identity): () => void {
  if (identity === localIdentity) return () => {};
  const releaseSlot = sockets.take(identity.credential);
  if (!releaseSlot) throw tooManySockets();
  return releaseSlot;
}

function tooManySockets(): RefusedRequest {
  return rateLimited('This key has too many WebSockets open. Close some first.', 1);
}
