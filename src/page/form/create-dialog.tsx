import { useQuery } from 'urql';
import { explain } from '../client/explain.ts';
import { useRetryOnReturn } from '../client/use-retry-on-return.ts';
import { ModelsDocument, ReadTaskDocument, type TaskKind } from '../generated/graphql.ts';
import { Link } from '../routing/link.tsx';
import { goTo } from '../routing/use-view.ts';
import { kinds } from '../routing/view.ts';
import { Modal } from '../shell/modal.tsx';
import { kindNames } from '../words/labels.ts';
import { CreateForm } from './create-form.tsx';
import { type Draft, emptyDraft } from './draft.ts';
import { draftOf } from './draft-of.ts';
import { useDrafts } from './drafts.tsx';

type CreateDialogProps = {
  kind: TaskKind;
  /** The task to begin with; empty for none. */
  like: string;
};

export function CreateDialog({ kind, like }: CreateDialogProps) {
  const [{ data: catalogue, error }] = useQuery({ query: ModelsDocument });
  const { initial, problem } = useInitialDraft(kind, like);
  const isReady = (catalogue !== undefined || error !== undefined) && initial !== null;
  const close = (): void => goTo({ create: null, like: '' });
  return (
    <Modal title={like === '' ? 'New task' : 'Create again'} className="create" onClose={close}>
      <nav aria-label="What to create" className="tabs">
        {kinds.map((other) => (
          <Link key={other} to={{ create: other }} aria-current={other === kind ? 'page' : undefined}>
            {kindNames[other]}
          </Link>
        ))}
      </nav>
      {error && <p role="alert">The models are not known: {explain(error)}</p>}
      {problem !== null && <p role="alert">{problem}</p>}
      {isReady && <CreateForm kind={kind} like={like} models={catalogue?.models ?? []} initial={initial} />}
      {!isReady && problem === null && <p className="quiet">Loading…</p>}
    </Modal>
  );
}

/** What an untouched form holds; null while the task it begins with is not read yet, or can't be. */
function useInitialDraft(kind: TaskKind, like: string): { initial: Draft | null; problem: string | null } {
  const { forms } = useDrafts();
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ReadTaskDocument,
    variables: { id: like },
    pause: like === '',
  });
  useRetryOnReturn(error !== undefined, refetch);
  if (like === '' || forms.has(like)) return { initial: emptyDraft(kind), problem: null };
  if (data?.task) return { initial: draftOf(data.task), problem: null };
  if (error) return { initial: null, problem: `The task to begin with could not be read: ${explain(error)}` };
  return { initial: null, problem: fetching ? null : 'There is no task with this id to begin with.' };
}
