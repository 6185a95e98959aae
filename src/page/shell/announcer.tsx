import { createContext, type ReactNode, use, useEffect, useRef, useState } from 'react';

/** Empty for long enough that the same text counts as a change, and that a closing dialog has closed. */
const pauseMs = 150;

const AnnounceContext = createContext<(text: string) => void>(() => {});
const AnnouncedContext = createContext('');

/** Announces to screen readers what changed by itself. */
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

/** Where it is heard. Each dialog has its own, because nothing behind a dialog is heard. */
export function Announcer() {
  const text = use(AnnouncedContext);
  return (
    <div role="status" className="for-screen-readers" data-testid="announcer">
      {text}
    </div>
  );
}
