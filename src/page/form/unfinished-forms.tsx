import { Link } from '../routing/link.tsx';
import { shorten } from '../words/format.ts';
import { type Begun, unfinishedForms, useDrafts } from './drafts.tsx';

/** Forms that were closed before they created anything, to be continued or discarded. */
export function UnfinishedForms() {
  const { forms, discard } = useDrafts();
  return unfinishedForms(forms).map(([like, begun]) => (
    <p key={like} className="unfinished">
      <span dir="auto">{describe(begun)}</span>
      <Link to={{ create: begun.draft.kind, like, task: '' }}>Open the form</Link>
      {!begun.isSending && (
        <button type="button" className="small" onClick={() => discard(like)}>
          Discard
        </button>
      )}
    </p>
  ));
}

function describe({ draft: { texts }, isSending, outcome }: Begun): string {
  const name = `“${shorten(texts.prompt)}”`;
  if (isSending) return `${name} is being created…`;
  if (outcome === null) return `${name} was not sent.`;
  return outcome.kind === 'unknown'
    ? `${name} was sent, but no answer came: it may exist.`
    : `${name} was not created.`;
}
