import { type Identity, localIdentity } from '../authentication/authentication.ts';
import { rateLimited, type RefusedRequest } from '../request/refused-request.ts';
import type { RunningIdentities } from '../request/running-identities.ts';
import type { HalfOpenSockets } from './half-open.ts';
import type { Places } from '../request/places.ts';

/** To whom one socket belongs. */
export type SocketOwner = {
  /** Whether anything valid was seen on the socket yet. */
  isKnown(): boolean;
  /** By what the connection itself brought. Refuses by a RefusedRequest, 429, where the key has too many sockets. */
  connectAs(identity: Identity): void;
  /**
   * By what an operation brought, where the connection brought nothing. Refuses in the same way. The socket ends with
   * this identity as long as the operation runs. Returns what ends that.
   */
  operateAs(identity: Identity): () => void;
  leave(): void;
};

export type SocketOwnerOptions = {
  /** By credential. */
  sockets: Places;
  halfOpen: HalfOpenSockets;
  hold: RunningIdentities['hold'];
  /** Closes the socket: an identity that it stands on has ended. */
  end(): void;
  /** Closes the socket at once: nobody is known on it yet, and others want its place. */
  giveWay(): void;
};

/** A socket always takes one place: among the half-open ones as long as nobody is known on it, then among its key's. */
export function createSocketOwner(
  identity: Identity | null,
  { sockets, halfOpen, hold, end, giveWay }: SocketOwnerOptions,
): SocketOwner {
  let owner: Identity | null = null;
  let broughtByConnection = false;
  let left = false;
  let leavePlace = identity ? () => {} : halfOpen.add(giveWay);
  let release = (): void => {};

  /** Each operation may bring a newer token: the socket lives as long as the newest. */
  function standOn(newest: Identity): void {
    if (left) return;
    if (newest.credential !== owner?.credential) {
      const leaveNext = takePlace(sockets, newest);
      leavePlace();
      leavePlace = leaveNext;
    }
    owner = newest;
    release();
    release = hold(newest, end);
  }

  function connectAs(newest: Identity): void {
    standOn(newest);
    broughtByConnection = true;
  }

  if (identity) connectAs(identity);
  return {
    isKnown: () => owner !== null,
    connectAs,
    operateAs(newest) {
      if (!broughtByConnection) standOn(newest);
      return hold(newest, end);
    },
    leave() {
      left = true;
      leavePlace();
      release();
    },
  };
}

/** Refuses by a RefusedRequest, 429, a new socket where the key has too many. */
export function checkPlace({ sockets }: Pick<SocketOwnerOptions, 'sockets'>, identity: Identity | null): void {
  if (identity && sockets.isFull(identity.credential)) throw tooManySockets();
}

/** The local caller has no key to count by: there may be a crowd behind it. */
function takePlace(sockets: Places, identity: Identity): () => void {
  if (identity === localIdentity) return () => {};
  const leavePlace = sockets.take(identity.credential);
  if (!leavePlace) throw tooManySockets();
  return leavePlace;
}

function tooManySockets(): RefusedRequest {
  return rateLimited('This key has too many WebSockets open. Close some first.', 1);
}
