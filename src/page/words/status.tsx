import type { TaskStatus } from '../generated/graphql.ts';
import { statusNames } from './labels.ts';

export function Status({ status }: { status: TaskStatus }) {
  return <span className={`status ${status.toLowerCase()}`}>{statusNames[status]}</span>;
}
