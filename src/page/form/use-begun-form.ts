import { useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { TaskKind } from '../generated/graphql.ts';
import { asKind, type Draft } from './draft.ts';
import { type Begun, useDrafts } from './drafts.tsx';
import { newKey } from './new-key.ts';
import { type Outcome, useCreate } from './use-create.ts';

/** The form that was begun with a task, or the one that `initial` begins. */
export function useBegunForm(like: string, kind: TaskKind, initial: Draft) {
  const { forms, keep: keepAt, settle, discard } = useDrafts();
  const create = useCreate();
  const [fresh] = useState<Begun>({ draft: initial, isSending: false, outcome: null });
  const begun = forms.get(like) ?? fresh;
  const { draft } = begun;
  const keep = (changed: Begun): void => keepAt(like, changed);

  // What is created stands in the address, which Back changes, too. What was wrong with another kind is not with this.
  useLayoutEffect(() => {
    if (draft.kind !== kind) keepAt(like, { draft: asKind(draft, kind), isSending: false, outcome: null });
  });

  async function send(): Promise<Outcome> {
    keep({ draft, isSending: true, outcome: null });
    const outcome = await create(draft);
    // Pressed again, it is meant as another task.
    const next = outcome.kind === 'conflict' ? { ...draft, idempotencyKey: newKey() } : draft;
    // Shown at once: what is not there yet can't be gone to.
    flushSync(() =>
      settle(like, draft, outcome.kind === 'created' ? null : { draft: next, isSending: false, outcome }),
    );
    return outcome;
  }

  return { begun, isKept: forms.has(like), keep, send, discard: () => discard(like) };
}
