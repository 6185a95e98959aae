import type { ReactNode } from 'react';

export function Moment({ at, children }: { at: string; children: ReactNode }) {
  return <time dateTime={at}>{children}</time>;
}
