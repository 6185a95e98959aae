import { createContext, type ReactNode, use, useState } from 'react';

const AnnounceContext = createContext<(text: string) => void>(() => {});

/** Tells who can't see it what happened by itself. */
export function useAnnounce(): (text: string) => void {
  return use(AnnounceContext);
}

export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const [text, setText] = useState('');
  return (
    <AnnounceContext value={setText}>
      {children}
      <div role="status" className="for-screen-readers" data-testid="announcer">
        {text}
      </div>
    </AnnounceContext>
  );
}
