import { type ReactNode, useLayoutEffect, useRef } from 'react';

type ActionButtonProps = { isBusy: boolean; onPress(): void; children: ReactNode };

/** For an action that is possible once, in a dialog. If the button vanishes with the focus, the focus goes to the heading. */
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
