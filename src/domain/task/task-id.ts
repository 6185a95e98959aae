import { validate as isUuid } from 'uuid';

/** Only in the spelling that the gateway hands out: a UUID in lower case. */
export function isTaskId(id: string): boolean {
  return isUuid(id) && id === id.toLowerCase();
}

/** A UUIDv7 begins with its time in milliseconds. */
export function createdAt(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}
