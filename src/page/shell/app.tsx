import { useSession } from '../client/session.tsx';
import { TaskDialog } from '../detail/task-dialog.tsx';
import { CreateDialog } from '../form/create-dialog.tsx';
import { TaskList } from '../list/task-list.tsx';
import { useView } from '../routing/use-view.ts';
import { AnnouncerProvider } from './announcer.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { Header } from './header.tsx';
import { SignIn } from './sign-in.tsx';

/** The form stays as it is while somebody signs in again: what was typed is not lost. */
export function App() {
  const { generation, isLocked } = useSession();
  const { task, create, like } = useView();
  return (
    <AnnouncerProvider>
      <Header />
      <ConnectionNotice />
      <main>
        <TaskList key={generation} />
      </main>
      {task !== '' && create === null && <TaskDialog key={`${generation} ${task}`} id={task} />}
      {create !== null && <CreateDialog key={like} kind={create} like={like} />}
      {isLocked && <SignIn />}
    </AnnouncerProvider>
  );
}
