import { badUserInput } from './arguments.ts';

/** The task at a place of a list. Versioned, so that the order can change without misreading old cursors. */
const cursorText = /^task:1:([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

export function encodeCursor(taskId: string): string {
  return Buffer.from(`task:1:${taskId}`).toString('base64url');
}

/** The task's id. Throws BAD_USER_INPUT for what encodeCursor() didn't make. */
export function decodeCursor(name: string, cursor: string): string {
  const taskId = cursorText.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  // Decoding skips what isn't base64url: without this check, many texts would be one cursor.
  if (taskId === undefined || encodeCursor(taskId) !== cursor) {
    throw badUserInput(`${name} must be a cursor that this API returned, such as pageInfo.endCursor.`);
  }
  return taskId;
}
