import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { Provider } from 'urql';
import { createGateway } from './gateway.ts';
import type { ConnectionState } from './socket.ts';

/** Where this tab keeps the key, as GraphiQL does: a tab's storage ends with the tab, and no other site can read it. */
const keyName = 'gateway:key';

export type Session = {
  /** null without authentication. */
  key: string | null;
  /** Whether a sign-in is needed. */
  isLocked: boolean;
  /** Grows with each sign-in: everything is loaded anew. */
  generation: number;
  connection: ConnectionState;
  /** How far the gateway's clock is ahead of this computer's. */
  aheadMs: number;
  signIn(key: string): void;
  signOut(): void;
};

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('There is no session here.');
  return session;
}

type Identity = { key: string | null; generation: number };

/** The user's key, and the connection to the gateway. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [{ key, generation }, setIdentity] = useState<Identity>(() => ({
    key: sessionStorage.getItem(keyName),
    generation: 0,
  }));
  const [isLocked, setLocked] = useState(false);
  const [connection, setConnection] = useState<ConnectionState>('idle');
  const [aheadMs, setAhead] = useState(0);
  const gateway = useMemo(
    () =>
      createGateway({
        key,
        onConnection: setConnection,
        onAhead: setAhead,
        onUnauthenticated: () => setLocked(true),
      }),
    // oxlint-disable-next-line react/exhaustive-deps -- signing in again with the same key makes a new connection, too
    [key, generation],
  );
  useEffect(() => gateway.dispose, [gateway]);

  const session: Session = {
    key,
    isLocked,
    generation,
    connection,
    aheadMs,
    signIn(newKey) {
      sessionStorage.setItem(keyName, newKey);
      setIdentity({ key: newKey, generation: generation + 1 });
      setConnection('idle');
      setLocked(false);
    },
    signOut() {
      sessionStorage.removeItem(keyName);
      // Loading the page anew clears everything that was shown, typed or cached.
      location.assign('/');
    },
  };
  return (
    <SessionContext value={session}>
      <Provider value={gateway.client}>{children}</Provider>
    </SessionContext>
  );
}
