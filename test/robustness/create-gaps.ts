import type { Fault } from '../support/faulty-proxy.ts';

/** How far a Create has come, as seen from outside. */
export type Standing = {
  /** Its row: the state and the attempt's number, and whether there is a TaskId. */
  row: string;
  /** Creates that were sent, whether they arrived at the upstream or not. */
  sent: number;
  /** Tasks that the upstream has made. */
  made: number;
  answered: boolean;
};

/** A moment between two steps of a Create, and how to stop a gateway there. */
export type Gap = {
  killed: string;
  /** Of the traffic with the database: what doesn't arrive while the process lives. */
  hold?: { statement?: string; answerTo?: string };
  /** What becomes of the Create itself. */
  fault?: Fault;
  /** The record fails and its database goes away. It comes back before the process dies, or after. */
  database?: 'comes back' | 'stays away';
  /** Where that leaves it. */
  standing: Standing;
  /** What held statements do when they arrive after all, sent by a process that is dead by then. */
  late?: string;
  ends: 'DONE' | 'SUBMISSION_UNCONFIRMED';
};

/** Words that no earlier statement of a Create has. */
const insert = 'insert into "task" ';
const claim = 'attempt + 1';
const record = 'with moved as';

const nothing: Standing = { row: 'none', sent: 0, made: 0, answered: false };
const inserted = { ...nothing, row: 'held 0' };
const known = { ...inserted, answered: true };
const claimed = { ...known, row: 'submitting 1' };
const sent = { ...claimed, sent: 1 };
const accepted = { ...sent, made: 1 };
const recorded = { ...accepted, row: 'submitted 1 with TaskId' };

export const gapAfterSending: Gap = {
  killed: 'before the answer to its Create arrives',
  fault: { kind: 'accepted-hang' },
  standing: accepted,
  ends: 'SUBMISSION_UNCONFIRMED',
};

/**
 * In the order of the steps. Between the claim and the record of its TaskId nobody can know what became of a task, save
 * from the disk; before and after, everybody does.
 */
export const gaps: readonly Gap[] = [
  { killed: 'before its insert arrives', hold: { statement: insert }, standing: nothing, ends: 'DONE' },
  {
    killed: 'with its insert sent, arriving later',
    hold: { statement: insert },
    standing: nothing,
    late: inserted.row,
    ends: 'DONE',
  },
  {
    killed: 'before the answer to its insert arrives',
    // The scheduler looks by itself what there is to send: it must not come further.
    hold: { answerTo: insert, statement: claim },
    standing: inserted,
    ends: 'DONE',
  },
  { killed: 'before its claim arrives', hold: { statement: claim }, standing: known, ends: 'DONE' },
  {
    killed: 'with its claim sent, arriving later',
    hold: { statement: claim },
    standing: known,
    late: claimed.row,
    ends: 'SUBMISSION_UNCONFIRMED',
  },
  {
    killed: 'before the answer to its claim arrives',
    hold: { answerTo: claim },
    standing: claimed,
    ends: 'SUBMISSION_UNCONFIRMED',
  },
  {
    killed: 'before its Create arrives',
    fault: { kind: 'lost-hang' },
    standing: sent,
    ends: 'SUBMISSION_UNCONFIRMED',
  },
  gapAfterSending,
  {
    killed: 'before its TaskId is recorded',
    hold: { statement: record },
    standing: accepted,
    ends: 'SUBMISSION_UNCONFIRMED',
  },
  {
    killed: 'with its record sent, arriving later',
    hold: { statement: record },
    standing: accepted,
    late: recorded.row,
    ends: 'DONE',
  },
  {
    killed: 'with its TaskId on disk and nowhere else',
    hold: { statement: record },
    database: 'stays away',
    standing: accepted,
    ends: 'DONE',
  },
  {
    killed: 'with its TaskId on disk, recorded since',
    hold: { statement: record },
    database: 'comes back',
    standing: recorded,
    ends: 'DONE',
  },
  {
    killed: 'before it knows its TaskId is recorded',
    hold: { answerTo: record },
    standing: recorded,
    ends: 'DONE',
  },
  {
    killed: 'recorded, before its caller is answered',
    // Its insert, whose answer would be the mutation's: the scheduler finds it by itself.
    hold: { answerTo: insert },
    standing: { ...recorded, answered: false },
    ends: 'DONE',
  },
];
