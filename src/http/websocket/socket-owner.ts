import { type Identity, localIdentity } from '../authentication/authentication.ts';
import { RefusedRequest } from '../refused-request.ts';
import type { RunningIdentities } from '../running-identities.ts';
import type { Places } from './places.ts';

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
  halfOpen: Places;
  hold: RunningIdentities['hold'];
  /** Closes the socket: an identity that it stands on has ended. */
  end(): void;
};

/** There is one crowd of those that nobody knows. */
const nobody = 'nobody';

/** A socket always takes one place: among the half-open ones at first, then among those of its key. */
export function createSocketOwner({ sockets, halfOpen, hold, end }: SocketOwnerOptions): SocketOwner {
  let owner: Identity | null = null;
  let broughtByConnection = false;
  let left = false;
  let leavePlace = halfOpen.take(nobody) ?? (() => {});
  let release = (): void => {};

  /** Each operation may bring a newer token: the socket lives as long as the newest. */
  function standOn(identity: Identity): void {
    if (left) return;
    if (identity.credential !== owner?.credential) {
      const leaveNext = takePlace(sockets, identity);
      leavePlace();
      leavePlace = leaveNext;
    }
    owner = identity;
    release();
    release = hold(identity, end);
  }

  return {
    isKnown: () => owner !== null,
    connectAs(identity) {
      standOn(identity);
      broughtByConnection = true;
    },
    operateAs(identity) {
      if (!broughtByConnection) standOn(identity);
      return hold(identity, end);
    },
    leave() {
      left = true;
      leavePlace();
      release();
    },
  };
}

/** Whether a new socket may be opened: by a RefusedRequest where not. */
export function checkPlace(
  { sockets, halfOpen }: Pick<SocketOwnerOptions, 'sockets' | 'halfOpen'>,
  identity: Identity | null,
): void {
  if (identity === null) {
    if (halfOpen.isFull(nobody)) throw tooManyHalfOpen();
  } else if (sockets.isFull(identity.credential)) throw tooManySockets();
}

/** The local caller has no key to count by: there may be a crowd behind it. */
function takePlace(sockets: Places, identity: Identity): () => void {
  if (identity === localIdentity) return () => {};
  const leavePlace = sockets.take(identity.credential);
  if (!leavePlace) throw tooManySockets();
  return leavePlace;
}

function tooManySockets(): RefusedRequest {
  return new RefusedRequest(429, 'This key has too many WebSockets open. Close some first.', {
    code: 'RATE_LIMITED',
    headers: { 'Retry-After': '1' },
  });
}

function tooManyHalfOpen(): RefusedRequest {
  return new RefusedRequest(503, 'Too many WebSockets wait for their credentials. Connect again in a moment.', {
    code: 'SERVICE_UNAVAILABLE',
    headers: { 'Retry-After': '1' },
  });
}
