import { useEffect } from 'react';

/** Titles the window and its history entry while this is shown; then restores the old title. */
export function useTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · AIGC task gateway`;
    return () => {
      document.title = before;
    };
  }, [title]);
}
