import { createContext, type ReactNode, use, useState } from 'react';
import { type Draft, isBlank } from './draft.ts';
import type { Outcome } from './use-create.ts';

/** A form that was begun. Closed or not, it stays until it has created a task or is discarded. */
export type Begun = {
  draft: Draft;
  isSending: boolean;
  /** The outcome of sending it, without the mistakes that were mended since. */
  outcome: Outcome | null;
};

/** By the task that they began with; the empty id for none. */
type BegunForms = ReadonlyMap<string, Begun>;

type Drafts = {
  forms: BegunForms;
  keep(like: string, begun: Begun): void;
  /** The outcome of a form that was sent. null: it has created a task. */
  settle(like: string, sent: Draft, begun: Begun | null): void;
  discard(like: string): void;
};

const DraftsContext = createContext<Drafts | null>(null);

export function useDrafts(): Drafts {
  const drafts = use(DraftsContext);
  if (drafts === null) throw new Error('There are no drafts here.');
  return drafts;
}

/** Closing a dialog keeps what was typed in it, and the key without which sending again would be paid again. */
export function DraftsProvider({ children }: { children: ReactNode }) {
  const [forms, setForms] = useState<BegunForms>(new Map());
  const change = (like: string, next: (old: Begun | undefined) => Begun | null | undefined): void =>
    setForms((old) => {
      const others = [...old].filter(([key]) => key !== like);
      const begun = next(old.get(like));
      return new Map(begun ? [...others, [like, begun]] : others);
    });
  const drafts: Drafts = {
    forms,
    keep: (like, begun) => change(like, () => begun),
    settle: (like, { idempotencyKey }, begun) =>
      // Not if the user has begun another request meanwhile.
      change(like, (old) => (old?.draft.idempotencyKey === idempotencyKey ? begun : old)),
    discard: (like) => change(like, () => null),
  };
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

export function unfinishedForms(forms: BegunForms): [like: string, begun: Begun][] {
  return [...forms].filter(([, { draft }]) => !isBlank(draft));
}
