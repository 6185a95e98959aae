import { useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { TaskKind } from '../generated/graphql.ts';
import { asKind, type Draft } from './draft.ts';
import { type Begun, useDrafts } from './drafts.tsx';
import { newKey } from './new-key.ts';
import { type Outcome, useCreate } from './use-create.ts';

export function useBegunForm(like: string, kind: TaskKind, initial: Draft) {
  const { forms, keep: keepAt, settle, discard } = useDrafts();
  const create = useCreate();
  const [fresh] = useState<Begun>({ draft: initial, isSending: false, outcome: null });
  const begun = forms.get(like) ?? fresh;
  const { draft } = begun;
  const keep = (changed: Begun): void => keepAt(like, changed);

  // The kind is in the URL, which Back changes, too. The mistakes of another kind don't apply to this one.
  useLayoutEffect(() => {
    if (draft.kind !== kind) keepAt(like, { draft: asKind(draft, kind), isSending: false, outcome: null });
  });

  async function send(): Promise<Outcome> {
    keep({ draft, isSending: true, outcome: null });
    const outcome = await create(draft);
    // Pressed again after a conflict, it means another task.
    const next = outcome.kind === 'conflict' ? { ...draft, idempotencyKey: newKey() } : draft;
    // Rendered at once: the focus can only go to what exists.
    flushSync(() =>
      settle(like, draft, outcome.kind === 'created' ? null : { draft: next, isSending: false, outcome }),
    );
    return outcome;
  }

  return { begun, isKept: forms.has(like), keep, send, discard: () => discard(like) };
}
