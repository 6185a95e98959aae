import { useSession } from '../client/session.tsx';
import { TaskDialog } from '../detail/task-dialog.tsx';
import { CreateDialog } from '../form/create-dialog.tsx';
import { DraftsProvider } from '../form/drafts.tsx';
import { UnfinishedForms } from '../form/unfinished-forms.tsx';
import { TaskList } from '../list/task-list.tsx';
import { useView } from '../routing/use-view.ts';
import { AnnouncerProvider } from './announcer.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { Header } from './header.tsx';
import { SignIn } from './sign-in.tsx';

export function App() {
  return (
    <AnnouncerProvider>
      <DraftsProvider>
        <Views />
      </DraftsProvider>
    </AnnouncerProvider>
  );
}

/** The form stays mounted during a new sign-in, so that what was typed is not lost. */
function Views() {
  const { generation, isLocked } = useSession();
  const { task, create, like } = useView();
  return (
    <>
      <Header />
      <ConnectionNotice />
      <main>
        {create === null && <UnfinishedForms />}
        <TaskList key={generation} />
      </main>
      {task !== '' && create === null && <TaskDialog key={`${generation} ${task}`} id={task} />}
      {create !== null && <CreateDialog key={like} kind={create} like={like} />}
      {isLocked && <SignIn />}
    </>
  );
}
