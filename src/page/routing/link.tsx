import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { goTo, useView } from './use-view.ts';
import { addressOf, type View } from './view.ts';

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | 'onClick'> & { to: Partial<View> };

/** A real link, which can be opened in another tab; a plain click changes the view without loading the page again. */
export function Link({ to, children, ...rest }: LinkProps) {
  const view = useView();
  function follow(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    goTo(to);
  }
  return (
    <a {...rest} href={addressOf({ ...view, ...to })} onClick={follow}>
      {children}
    </a>
  );
}
