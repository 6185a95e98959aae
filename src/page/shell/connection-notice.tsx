import { useSession } from '../client/session.tsx';

/** Always rendered: screen readers often skip an element that appears together with its text. */
export function ConnectionNotice() {
  const { connection, isLocked } = useSession();
  const isLost = connection === 'lost' && !isLocked;
  return (
    <div role="status" className={isLost ? 'connection lost' : 'connection'} data-connection={connection}>
      {isLost && 'Connection lost, trying again. What you see may be out of date.'}
    </div>
  );
}
