import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { useTitle } from '../routing/use-title.ts';
import { Announcer } from './announcer.tsx';
import { ConnectionNotice } from './connection-notice.tsx';

type ModalProps = {
  title: string;
  /** Distinguishes dialogs in a list of windows. Default: the title. */
  windowTitle?: string;
  /** Without it, the dialog stays until its task is done. */
  onClose?: () => void;
  className?: string;
  children: ReactNode;
};

/** The browser's own dialog: it keeps and restores the focus. What is behind it can't be used or heard meanwhile. */
export function Modal({ title, windowTitle = title, onClose, className, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const headingId = useId();
  useTitle(windowTitle);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element) show(element);
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={headingId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // At the second request to close, a browser does it whatever the page says.
      onClose={({ currentTarget }) => {
        if (currentTarget.open) return;
        if (onClose) onClose();
        else show(currentTarget);
      }}
    >
      <div className="dialog-head">
        <h2 id={headingId} tabIndex={-1}>
          {title}
        </h2>
        {onClose && (
          <button type="button" className="close" onClick={onClose}>
            Close
          </button>
        )}
      </div>
      <ConnectionNotice />
      {children}
      <Announcer />
    </dialog>
  );
}

/** The focus goes to the element marked for it, else to the heading. */
function show(dialog: HTMLDialogElement): void {
  dialog.showModal();
  dialog.querySelector<HTMLElement>('[data-first-focus]')?.focus();
}
