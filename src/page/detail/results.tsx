import { Moment } from '../words/moment.tsx';
import { formatMoment, shorten } from '../words/format.ts';
import type { TaskDetail } from './task-detail.ts';

type File = {
  id: string;
  url: string | null;
  expiresAt: string | null;
  expired: boolean;
  kind: 'image' | 'video' | 'audio';
};

function filesOf(task: TaskDetail): File[] {
  const of = (kind: File['kind'], files: readonly Omit<File, 'kind'>[]) => files.map((file) => ({ ...file, kind }));
  if (task.__typename === 'ImageTask') return of('image', task.images);
  if (task.__typename === 'VideoTask') return of('video', task.videos);
  return [...of('audio', task.audios), ...of('video', task.videos)];
}

export function Results({ task }: { task: TaskDetail }) {
  const files = filesOf(task);
  if (files.length === 0) return null;
  const name = shorten(task.prompt ?? 'Result');
  return (
    <section aria-label="Results" className="results">
      {files.map((file, index) => (
        <Result key={file.id} file={file} name={files.length === 1 ? name : `${name} (${index + 1})`} />
      ))}
    </section>
  );
}

const whyExpired = 'The file has expired: the vendor keeps results for 12 hours.';
const whyWithheld = 'The file has no address that can be shown here.';

function Result({ file: { url, kind, expiresAt, expired }, name }: { file: File; name: string }) {
  if (url === null) return <p className="quiet">{expired ? whyExpired : whyWithheld}</p>;
  return (
    <figure>
      {kind === 'image' && <img src={url} alt={name} />}
      {kind === 'video' && <video src={url} controls preload="metadata" aria-label={name} />}
      {kind === 'audio' && <audio src={url} controls preload="metadata" aria-label={name} />}
      <figcaption>
        <ToKeep url={url} name={name} />
        {expiresAt !== null && (
          <span className="quiet">
            until <Moment at={expiresAt}>{formatMoment(expiresAt)}</Moment>
          </span>
        )}
      </figcaption>
    </figure>
  );
}

/** Browsers download only from the page's own origin; other files are opened, for the user to save. */
function ToKeep({ url, name }: { url: string; name: string }) {
  const isOwn = new URL(url, location.href).origin === location.origin;
  return (
    <a href={url} {...(isOwn ? { download: '' } : { target: '_blank', rel: 'noopener noreferrer' })}>
      {isOwn ? 'Download' : 'Open'}
      <span className="for-screen-readers"> {name}</span>
    </a>
  );
}
