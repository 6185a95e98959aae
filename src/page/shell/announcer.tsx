import { createContext, type ReactNode, use, useEffect, useRef, useState } from 'react';

/** Empty for long enough that the same text is a change, and after it a dialog that closes has closed. */
const pauseMs = 150;

const AnnounceContext = createContext<(text: string) => void>(() => {});
const AnnouncedContext = createContext('');

/** Tells who can't see it what happened by itself. */
export function useAnnounce(): (text: string) => void {
  return use(AnnounceContext);
}

export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const [text, setText] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const waiting = useRef<string[]>([]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const [announce] = useState(() => (added: string): void => {
    waiting.current.push(added);
    setText('');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setText(waiting.current.join(' '));
      waiting.current = [];
    }, pauseMs);
  });
  return (
    <AnnounceContext value={announce}>
      <AnnouncedContext value={text}>
        {children}
        <Announcer />
      </AnnouncedContext>
    </AnnounceContext>
  );
}

/** Where it is heard. Each dialog has its own, because nothing is heard of what is behind a dialog. */
export function Announcer() {
  const text = use(AnnouncedContext);
  return (
    <div role="status" className="for-screen-readers" data-testid="announcer">
      {text}
    </div>
  );
}
