import { type ReactNode, useLayoutEffect, useRef } from 'react';

type ActionButtonProps = { isBusy: boolean; onPress(): void; children: ReactNode };

/** Of what can be done once, in a dialog. When it goes with the focus on it, the focus goes to the dialog's heading. */
export function ActionButton({ isBusy, onPress, children }: ActionButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const { current: element } = button;
    return () => {
      if (element === document.activeElement) element?.closest('dialog')?.querySelector('h2')?.focus();
    };
  }, []);
  return (
    <button ref={button} type="button" aria-disabled={isBusy} onClick={() => !isBusy && onPress()}>
      {children}
    </button>
  );
}
