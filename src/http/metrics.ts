import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricsSink, MetricsSources } from '../domain/metrics.ts';

export type HttpRequestMeasure = { route: string; method: string; status: string; seconds: number };

export type Metrics = {
  sink: MetricsSink;
  httpRequest(request: HttpRequestMeasure): void;
  /** Read at each `render`. Without it, these gauges are left out. */
  readFrom(sources: MetricsSources): void;
  render(): Promise<{ contentType: string; body: string }>;
};

/** In seconds. A call takes tens of milliseconds; its time-out is 15 s. */
const callBuckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
/** In seconds. Images are polled every second or so, videos seldom, and an outage of the upstream may take minutes. */
const detectionBuckets = [0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 300, 1800];
/** In seconds. The aim is half a millisecond for 100,000 tasks. */
const decisionBuckets = [0.00001, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.005];
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const timesLeft = ['1h', '3h', '6h', '12h', 'unknown'];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const instruments = {
    upstreamCalls: new Counter({
      name: 'gateway_upstream_calls_total',
      help: 'Calls to the upstream, by action and outcome: ok, the phase it failed in, or the code of the refusal.',
      labelNames: ['action', 'outcome'],
      registers,
    }),
    upstreamSeconds: new Histogram({
      name: 'gateway_upstream_call_duration_seconds',
      help: 'How long calls to the upstream took.',
      labelNames: ['action', 'outcome'],
      buckets: callBuckets,
      registers,
    }),
    endsDetected: new Histogram({
      name: 'gateway_task_end_detection_seconds',
      help: 'How long, at most, a task had ended before it was seen: the time since the last poll that found it running.',
      labelNames: ['kind'],
      buckets: detectionBuckets,
      registers,
    }),
    decisions: new Histogram({
      name: 'gateway_polling_decision_seconds',
      help: 'How long it took to choose the next task to poll.',
      labelNames: ['kind'],
      buckets: decisionBuckets,
      registers,
    }),
    tasksEnded: new Counter({
      name: 'gateway_tasks_ended_total',
      help: 'Tasks that ended, by kind, status and, for FAIL, failure code.',
      labelNames: ['kind', 'status', 'failure_code'],
      registers,
    }),
    filesArchived: new Counter({
      name: 'gateway_files_archived_total',
      help: 'Result files that were fetched into the archive (kept), will be tried again (failed), or can not be had (given-up).',
      labelNames: ['outcome'],
      registers,
    }),
    webhooksTried: new Counter({
      name: 'gateway_webhook_attempts_total',
      help: 'Attempts to deliver a webhook: accepted (delivered), to be repeated (failed), or the last one (given-up).',
      labelNames: ['outcome'],
      registers,
    }),
    httpRequests: new Histogram({
      name: 'gateway_http_request_duration_seconds',
      help: 'HTTP requests answered, without subscriptions by server-sent events.',
      labelNames: ['route', 'method', 'status'],
      buckets: requestBuckets,
      registers,
    }),
  };
  const readSources = createGauges(registry);
  let sources: MetricsSources | null = null;

  return {
    sink: {
      upstreamCall({ action, outcome, seconds }) {
        instruments.upstreamCalls.inc({ action, outcome });
        instruments.upstreamSeconds.observe({ action, outcome }, seconds);
      },
      endDetected: (kind, seconds) => instruments.endsDetected.observe({ kind }, seconds),
      decided: (kind, seconds) => instruments.decisions.observe({ kind }, seconds),
      taskEnded: (kind, status, failureCode) =>
        instruments.tasksEnded.inc({ kind, status, failure_code: failureCode ?? '' }),
      fileArchived: (outcome) => instruments.filesArchived.inc({ outcome }),
      webhookTried: (outcome) => instruments.webhooksTried.inc({ outcome }),
    },
    httpRequest: ({ seconds, ...labels }) => instruments.httpRequests.observe(labels, seconds),
    readFrom: (newSources) => void (sources = newSources),
    async render() {
      if (sources) await readSources(sources);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

function createGauges(registry: Registry): (sources: MetricsSources) => Promise<void> {
  const registers = [registry];
  const budget = new Gauge({
    name: 'gateway_upstream_budget_requests',
    help: 'Requests that could be sent to the upstream this instant, by action. Only where this process schedules.',
    labelNames: ['action'],
    registers,
  });
  const unanswered = new Gauge({
    name: 'gateway_task_longest_unheard_seconds',
    help: 'Of the tasks that run upstream, the longest time since it last answered for one, by kind. Only where this process schedules.',
    labelNames: ['kind'],
    registers,
  });
  const unknown = new Gauge({
    name: 'gateway_tasks_unknown',
    help: 'Running tasks that the upstream says it does not know, by kind. Only where this process schedules.',
    labelNames: ['kind'],
    registers,
  });
  const scheduling = new Gauge({
    name: 'gateway_scheduling',
    help: 'Whether this process schedules: 1 for one of all replicas, 0 for the others.',
    registers,
  });
  const unscheduled = new Gauge({
    name: 'gateway_unscheduled_seconds',
    help: 'For how long no process has scheduled; 0 while one does.',
    registers,
  });
  const inFlight = new Gauge({
    name: 'gateway_tasks_in_flight',
    help: 'Tasks that have not ended, by kind and status.',
    labelNames: ['kind', 'status'],
    registers,
  });
  const subscribers = new Gauge({
    name: 'gateway_subscribers',
    help: 'Subscriptions being served by this process, over WebSocket and server-sent events.',
    registers,
  });
  const toArchive = new Gauge({
    name: 'gateway_files_to_archive',
    help: 'Result files that are not yet archived, by the time that is left until they expire: less than 1h, 3h, 6h, more, or unknown.',
    labelNames: ['left'],
    registers,
  });
  const toDeliver = new Gauge({
    name: 'gateway_webhooks_to_deliver',
    help: 'Webhooks that have still to be delivered, with those that wait for another attempt.',
    registers,
  });
  const clockAhead = new Gauge({
    name: 'gateway_clock_ahead_seconds',
    help: "By how much this machine's clock is ahead of the database's; below 0: behind.",
    registers,
  });
  return async (sources) => {
    // While the database is away, the rest matters all the more.
    const counts = await sources.countTasksInFlight().catch(() => []);
    inFlight.reset();
    budget.reset();
    unanswered.reset();
    for (const { kind, status, count } of counts) inFlight.set({ kind, status }, count);
    for (const { action, tokens } of sources.bucketLevels()) budget.set({ action }, tokens);
    for (const { kind, seconds } of sources.longestUnanswered()) unanswered.set({ kind }, seconds);
    unknown.reset();
    for (const { kind, count } of sources.unknownTasks()) unknown.set({ kind }, count);
    scheduling.set(sources.isScheduling() ? 1 : 0);
    const vacantSeconds = sources.unscheduledSeconds();
    if (vacantSeconds === null) unscheduled.remove();
    else unscheduled.set(vacantSeconds);
    subscribers.set(sources.subscribers());
    clockAhead.set(sources.clockAheadSeconds());
    const undelivered = await sources.countWebhooksToDeliver().catch(() => null);
    if (undelivered === null) toDeliver.remove();
    else toDeliver.set(undelivered);
    const waiting = (await sources.countFilesToArchive?.().catch(() => null)) ?? null;
    toArchive.reset();
    if (waiting === null) return;
    for (const left of timesLeft) toArchive.set({ left }, 0);
    for (const { left, count } of waiting) toArchive.set({ left }, count);
  };
}
