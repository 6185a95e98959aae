import { createContext, type ReactNode, use, useState } from 'react';
import { type Draft, isBlank } from './draft.ts';
import type { Outcome } from './use-create.ts';

/** A form that was begun. Closed or not, it lasts until it has created a task or is discarded. */
export type Begun = {
  draft: Draft;
  isSending: boolean;
  /** What came of sending it, without the mistakes that were mended since. */
  outcome: Outcome | null;
};

/** By the task that they began with; the empty id for none. */
type BegunForms = ReadonlyMap<string, Begun>;

type Drafts = {
  forms: BegunForms;
  keep(like: string, begun: Begun): void;
  /** What became of a form that was sent. Null: it has created a task. */
  settle(like: string, sent: Draft, begun: Begun | null): void;
  discard(like: string): void;
};

const DraftsContext = createContext<Drafts | null>(null);

export function useDrafts(): Drafts {
  const drafts = use(DraftsContext);
  if (drafts === null) throw new Error('There are no drafts here.');
  return drafts;
}

/** What somebody is about to write again, or would have to pay again, is not lost with the dialog it was written in. */
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
      // Whoever went on to another wish meanwhile goes on with that.
      change(like, (old) => (old?.draft.idempotencyKey === idempotencyKey ? begun : old)),
    discard: (like) => change(like, () => null),
  };
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

/** The forms that hold something. */
export function unfinishedForms(forms: BegunForms): [like: string, begun: Begun][] {
  return [...forms].filter(([, { draft }]) => !isBlank(draft));
}
