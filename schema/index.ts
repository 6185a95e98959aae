import './date-time.ts';
import './change-cursor.ts';
import './url.ts';
import './json-object.ts';
import './nodes.ts';
import './task.ts';
import './task-connection.ts';
import './model.ts';
import './viewer.ts';
import './user-errors.ts';
import './create-image-task.ts';
import './create-video-task.ts';
import './create-audio-task.ts';
import './track-task.ts';
import './cancel-task.ts';
import './retry-task.ts';
import './task-status.ts';
import './task-changes.ts';
import { builder } from './builder.ts';
import { markEventFields } from './event-fields.ts';

/** The GraphQL API. Its resolvers expect a context made by createContext(). */
export const schema = markEventFields(builder.toSchema({ sortSchema: false }));
