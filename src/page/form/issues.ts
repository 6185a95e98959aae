import { type ReferenceName, referenceNames } from './draft.ts';

/** A mistake and its field: `prompt`, or `referenceImages.0` for an item of a list. */
export type Issue = { field: string; message: string };

/** The form's field for a mistake's path. */
export function fieldOfPath([first = '', second = '']: readonly string[]): string {
  if (first === 'model') return second === 'version' ? 'version' : 'model';
  if (first === 'webhook') return second === 'events' ? 'webhookEvents' : 'webhookUrl';
  if (first === 'storeCos') return second === '' ? 'bucketName' : second;
  return isReferenceName(first) && second !== '' ? `${first}.${second}` : first;
}

export function isReferenceName(name: string): name is ReferenceName {
  return referenceNames.some((known) => known === name);
}

export function messagesAt(issues: readonly Issue[], field: string): string[] {
  return issues.filter((issue) => issue.field === field).map(({ message }) => message);
}
