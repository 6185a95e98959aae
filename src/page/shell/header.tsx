import { useQuery } from 'urql';
import icon from '../icon.svg';
import { useSession } from '../client/session.tsx';
import { useDrafts } from '../form/drafts.tsx';
import { ViewerDocument } from '../generated/graphql.ts';
import { Link } from '../routing/link.tsx';
import { useView } from '../routing/use-view.ts';

/** Set by the gateway in the page. */
const hasGraphiql = document.querySelector<HTMLMetaElement>('meta[name=graphiql]')?.content === 'on';

export function Header() {
  const { key } = useSession();
  const { kind } = useView();
  const begun = useDrafts().forms.get('')?.draft;
  return (
    <header className="top">
      <h1>
        <img src={icon} alt="" width="28" height="28" />
        AIGC tasks
      </h1>
      {hasGraphiql && (
        <nav aria-label="For developers">
          <a href="/graphql">GraphiQL</a>
        </nav>
      )}
      {key !== null && <Account />}
      <Link to={{ create: begun?.kind ?? kind ?? 'IMAGE', like: '', task: '' }} className="button primary">
        New task
      </Link>
    </header>
  );
}

function Account() {
  const { signOut } = useSession();
  const [{ data }] = useQuery({ query: ViewerDocument });
  const owner = data?.viewer?.owner;
  return (
    <div className="account">
      {owner !== undefined && <span>Signed in as {owner}</span>}
      <button type="button" onClick={signOut}>
        Sign out
      </button>
    </div>
  );
}
