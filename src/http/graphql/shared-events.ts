import type { ExecutionResult } from 'graphql';
import type { ExecuteEvent } from '../../execution/compiled-execute.ts';

export type SharedEventsOptions<Answer> = {
  execute: ExecuteEvent;
  /** What readers get of a result. */
  finish(result: ExecutionResult): Answer;
  now(): number;
};

/** `at` is null where the moment does not matter. */
type Kept<Answer> = { answer: Answer; at: number | null };

/**
 * Executes the events of subscriptions that are one caller's and equal in all else. An event that reaches several of them in
 * one turn of the event loop is executed once, unless one of its fields depends on more than the event; where one depends on
 * the moment, once in each millisecond of the clock. Events are equal where they are one object.
 */
export class SharedEvents<Answer> {
  readonly #options: SharedEventsOptions<Answer>;
  readonly #kept = new Map<object, Kept<Answer>>();
  /** Where there is one only, nothing is kept. */
  readers = 0;

  constructor(options: SharedEventsOptions<Answer>) {
    this.#options = options;
  }

  execute(event: unknown): Answer | Promise<Answer> {
    const { execute, finish, now } = this.#options;
    if (this.readers < 2 || typeof event !== 'object' || event === null) return this.#executeAlone(event);
    const kept = this.#kept.get(event);
    if (kept && (kept.at === null || kept.at === now())) return kept.answer;
    const at = now();
    const executed = execute(event);
    if (executed instanceof Promise) return executed.then(finish);
    const { result, dependence } = executed;
    const answer = finish(result);
    if (!result.errors && dependence !== 'request')
      this.#keep(event, { answer, at: dependence === 'moment' ? at : null });
    return answer;
  }

  #executeAlone(event: unknown): Answer | Promise<Answer> {
    const { execute, finish } = this.#options;
    const executed = execute(event);
    return executed instanceof Promise ? executed.then(finish) : finish(executed.result);
  }

  #keep(event: object, kept: Kept<Answer>): void {
    if (this.#kept.size === 0) setImmediate(() => this.#kept.clear());
    this.#kept.set(event, kept);
  }
}
