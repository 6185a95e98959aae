import { Component, type ReactNode } from 'react';

/** Shows an error in place of an empty window. Only class components can catch what a component throws. */
export class FailureBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main>
        <h1>Something went wrong on this page.</h1>
        <p role="alert">Your tasks go on: nothing of them is kept here.</p>
        <p>
          <a href="/">Open the list again</a>
        </p>
      </main>
    );
  }
}
