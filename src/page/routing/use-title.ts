import { useEffect } from 'react';

/** What the window and its entry in the history are called while this is shown; then as before. */
export function useTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · AIGC task gateway`;
    return () => {
      document.title = before;
    };
  }, [title]);
}
