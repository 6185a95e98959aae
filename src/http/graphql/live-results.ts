import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  GraphQLError,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { iteratorEnd } from '../../kit/prompt-iterator.ts';

type Stream<Item> = AsyncIterableIterator<Item, undefined>;

/**
 * GraphQL's subscribe with one iterator for a subscription, where other executors have three and a generator for each event:
 * there are thousands of subscriptions, and they are idle for most of their lives. `begin` is called for one that begins, and
 * what it returns once, however that ends.
 */
export async function subscribeLive(
  args: ExecutionArgs,
  begin: () => () => void,
): Promise<ExecutionResult | Stream<ExecutionResult>> {
  const validated = validateSubscriptionArgs(args);
  if (!('schema' in validated)) return { errors: validated.map(asCallersMistake) };
  const source = await createSourceEventStream(validated);
  if (!isAsyncIterable(source)) return source;
  return new LiveResults(source[Symbol.asyncIterator](), validated, begin());
}

/** A class, so that an idle subscription keeps no closures. It has one reader. */
class LiveResults implements Stream<ExecutionResult> {
  readonly #events: AsyncIterator<unknown>;
  readonly #args: ValidatedSubscriptionArgs;
  #onEnd: (() => void) | null;

  constructor(events: AsyncIterator<unknown>, args: ValidatedSubscriptionArgs, onEnd: () => void) {
    this.#events = events;
    this.#args = args;
    this.#onEnd = onEnd;
  }

  /** What is executed when its reader leaves is not for it any more. */
  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    try {
      const event = await this.#events.next();
      if (event.done !== true && this.#isRunning()) {
        const value = await this.#execute(event.value);
        if (this.#isRunning()) return { done: false, value };
      }
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#end();
    return iteratorEnd;
  }

  /** Resolves at once: it does not wait for the event that next() waits for. */
  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.#end();
    await this.#events.return?.();
    return iteratorEnd;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #isRunning(): boolean {
    return this.#onEnd !== null;
  }

  #execute(event: unknown): ExecutionResult | Promise<ExecutionResult> {
    return executeSubscriptionEvent({ ...this.#args, rootValue: event });
  }

  #end(): void {
    this.#onEnd?.();
    this.#onEnd = null;
  }
}

/** Of an operation's name or its variables. Without data, it is a 400 as from validation. */
function asCallersMistake({ message, nodes }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}
