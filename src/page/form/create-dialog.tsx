import { useQuery } from 'urql';
import { explain } from '../client/explain.ts';
import { ModelsDocument, ReadTaskDocument, type TaskKind } from '../generated/graphql.ts';
import { Link } from '../routing/link.tsx';
import { goTo } from '../routing/use-view.ts';
import { kinds } from '../routing/view.ts';
import { Modal } from '../shell/modal.tsx';
import { kindNames } from '../words/labels.ts';
import { CreateForm } from './create-form.tsx';
import { emptyDraft } from './draft.ts';
import { draftOf } from './draft-of.ts';

type CreateDialogProps = {
  kind: TaskKind;
  /** The task to begin with; empty for none. */
  like: string;
};

export function CreateDialog({ kind, like }: CreateDialogProps) {
  const [{ data: catalogue, error }] = useQuery({ query: ModelsDocument });
  const [{ data: known, fetching }] = useQuery({
    query: ReadTaskDocument,
    variables: { id: like },
    pause: like === '',
  });
  const isReady = (catalogue !== undefined || error !== undefined) && !(like !== '' && fetching && !known);
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
      {isReady ? (
        <CreateForm
          kind={kind}
          models={catalogue?.models ?? []}
          initial={known?.task ? draftOf(known.task) : emptyDraft(kind)}
        />
      ) : (
        <p className="quiet">Loading…</p>
      )}
    </Modal>
  );
}
