import { type FormEvent, useRef, useState } from 'react';
import { explain } from '../client/explain.ts';
import { createGateway, isUnauthenticated } from '../client/gateway.ts';
import { useSession } from '../client/session.tsx';
import { ViewerDocument } from '../generated/graphql.ts';
import { Modal } from './modal.tsx';

/** What is wrong with a key, or null: it is tried on the gateway before the page uses it. */
async function findProblem(key: string): Promise<string | null> {
  if (key === '') return 'Type a key or a token.';
  const invalid = 'This key or token is not valid.';
  // What can't be a header is no key.
  if (!/^[\x21-\x7e]+$/.test(key)) return invalid;
  const { client, dispose } = createGateway({ key, onConnection() {}, onUnauthenticated() {} });
  const { error } = await client.query(ViewerDocument, {}).toPromise();
  dispose();
  if (error === undefined) return null;
  return isUnauthenticated(error) ? invalid : explain(error);
}

/** Over the current view, which continues with the new key. */
export function SignIn() {
  const { key: lastKey, signIn } = useSession();
  const [problem, setProblem] = useState(lastKey === null ? '' : 'This key or token is not valid any more.');
  const [isChecking, setChecking] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  async function tryKey(): Promise<void> {
    const key = (input.current?.value ?? '').trim().replace(/^Bearer +/i, '');
    setProblem('');
    setChecking(true);
    const found = await findProblem(key);
    setChecking(false);
    if (found === null) return signIn(key);
    setProblem(found);
    input.current?.focus();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isChecking) void tryKey();
  }

  return (
    <Modal title="Sign in" className="sign-in">
      <form onSubmit={submit}>
        <label htmlFor="key">API key or token</label>
        <input
          ref={input}
          id="key"
          type="password"
          autoComplete="off"
          data-first-focus
          aria-describedby="key-problem"
          aria-invalid={problem !== ''}
        />
        <p id="key-problem" role="alert" className="problem">
          {problem}
        </p>
        <button className="primary" aria-disabled={isChecking}>
          Sign in
        </button>
      </form>
      <p className="quiet">It is kept in this browser tab only.</p>
    </Modal>
  );
}
