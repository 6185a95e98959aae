import { Link } from '../routing/link.tsx';
import { useView } from '../routing/use-view.ts';
import { kinds } from '../routing/view.ts';
import { listNames } from '../words/labels.ts';

export function KindTabs() {
  const { kind: shown } = useView();
  return (
    <nav aria-label="Kinds of tasks" className="tabs">
      {[null, ...kinds].map((kind) => (
        <Link
          key={kind ?? 'all'}
          to={{ kind, mode: null, model: '', after: '', before: '' }}
          aria-current={kind === shown ? 'page' : undefined}
        >
          {kind === null ? 'All' : listNames[kind]}
        </Link>
      ))}
    </nav>
  );
}
