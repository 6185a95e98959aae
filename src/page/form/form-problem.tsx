import { Link } from '../routing/link.tsx';
import type { Issue } from './issues.ts';
import type { Outcome } from './use-create.ts';

type FormProblemProps = { outcome: Outcome | null; shown(field: string): boolean };

/** The mistakes of the whole form, and those without a field here. */
export function FormProblem({ outcome, shown }: FormProblemProps) {
  if (outcome === null || outcome.kind === 'created') return null;
  if (outcome.kind === 'mistakes') return <Mistakes issues={outcome.issues} shown={shown} />;
  return (
    <div role="alert" tabIndex={-1} className="problem-box">
      <p>{outcome.message}</p>
      {outcome.kind === 'unknown' && (
        <p>
          The task may have been created all the same. Press Create again: that never makes, or costs, a second one.
        </p>
      )}
      {outcome.kind === 'conflict' && (
        <p>
          This form has already created <Link to={{ create: null, like: '', task: outcome.id }}>a task</Link>. Press
          Create again to make another one.
        </p>
      )}
    </div>
  );
}

function Mistakes({ issues, shown }: { issues: readonly Issue[]; shown(field: string): boolean }) {
  if (issues.length === 0) return null;
  const elsewhere = issues.filter(({ field }) => !shown(field));
  return (
    <div role="alert" tabIndex={-1} className="problem-box">
      <p>{issues.length === 1 ? 'There is a mistake.' : `There are ${issues.length} mistakes.`} Nothing was created.</p>
      {elsewhere.map(({ field, message }) => (
        <p key={`${field} ${message}`}>
          {field}: {message}
        </p>
      ))}
    </div>
  );
}
