import { useEffect, useState } from 'react';
import { useSession } from '../client/session.tsx';

/** The gateway's time, each second: its estimates can't be compared with a wrong clock. */
export function useNow(): number {
  const { aheadMs } = useSession();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now + aheadMs;
}
