import { useState } from 'react';

/** Pages without TLS have no clipboard: users select the text by hand. */
export function CopyButton({ text, name }: { text: string; name: string }) {
  const [isCopied, setCopied] = useState(false);
  if (!window.isSecureContext) return null;

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  }
  return (
    <button
      type="button"
      className="small"
      aria-label={isCopied ? `Copied ${name}` : `Copy ${name}`}
      onClick={() => void copy().catch(() => {})}
    >
      {isCopied ? 'Copied' : 'Copy'}
    </button>
  );
}
