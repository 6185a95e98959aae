import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SessionProvider } from './client/session.tsx';
import { App } from './shell/app.tsx';
import { FailureBoundary } from './shell/failure-boundary.tsx';
import './styles/base.css';
import './styles/list.css';
import './styles/dialog.css';
import './styles/form.css';

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <FailureBoundary>
        <SessionProvider>
          <App />
        </SessionProvider>
      </FailureBoundary>
    </StrictMode>,
  );
}
