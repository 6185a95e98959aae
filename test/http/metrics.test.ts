import { expect, test } from 'vitest';
import type { MetricsSources } from '../../src/domain/metrics.ts';
import { createMetrics } from '../../src/http/metrics.ts';

const sources: MetricsSources = {
  bucketLevels: () => [{ action: 'DescribeAigcVideoTask', tokens: 12.5 }],
  longestUnanswered: () => [{ kind: 'VIDEO', seconds: 90 }],
  unknownTasks: () => [{ kind: 'VIDEO', count: 4 }],
  isScheduling: () => true,
  unscheduledSeconds: () => 12,
  countTasksInFlight: async () => [{ kind: 'VIDEO', status: 'RUN', count: 7 }],
  clockAheadSeconds: () => -1.5,
  subscribers: () => 3,
  countWebhooksToDeliver: async () => 5,
};

test('everything the rooms report and hold is in the text that Prometheus reads', async () => {
  const metrics = createMetrics();
  metrics.readFrom(sources);
  metrics.sink.upstreamCall({ action: 'CreateAigcImageTask', outcome: 'RequestLimitExceeded', seconds: 0.2 });
  metrics.sink.taskEnded('IMAGE', 'FAIL', 'REJECTED');
  metrics.sink.endDetected('VIDEO', 3);
  metrics.sink.webhookTried('given-up');
  metrics.httpRequest({ route: '/graphql', method: 'POST', status: '200', seconds: 0.01 });

  const { contentType, body } = await metrics.render();
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = parse(body);
  expect(samples).toMatchObject({
    'gateway_upstream_calls_total{action="CreateAigcImageTask",outcome="RequestLimitExceeded"}': 1,
    'gateway_upstream_call_duration_seconds_sum{action="CreateAigcImageTask",outcome="RequestLimitExceeded"}': 0.2,
    'gateway_tasks_ended_total{kind="IMAGE",status="FAIL",failure_code="REJECTED"}': 1,
    'gateway_task_end_detection_seconds_bucket{le="4",kind="VIDEO"}': 1,
    'gateway_task_end_detection_seconds_bucket{le="2",kind="VIDEO"}': 0,
    'gateway_upstream_budget_requests{action="DescribeAigcVideoTask"}': 12.5,
    'gateway_task_longest_unheard_seconds{kind="VIDEO"}': 90,
    'gateway_tasks_in_flight{kind="VIDEO",status="RUN"}': 7,
    'gateway_tasks_unknown{kind="VIDEO"}': 4,
    gateway_scheduling: 1,
    gateway_unscheduled_seconds: 12,
    gateway_subscribers: 3,
    gateway_clock_ahead_seconds: -1.5,
    'gateway_webhook_attempts_total{outcome="given-up"}': 1,
    gateway_webhooks_to_deliver: 5,
    'gateway_http_request_duration_seconds_count{route="/graphql",method="POST",status="200"}': 1,
  });
  expect(Object.keys(samples)).toContain('nodejs_eventloop_lag_seconds');
});

test('what is gone from a source is gone from the gauges', async () => {
  const metrics = createMetrics();
  metrics.readFrom(sources);
  await metrics.render();
  metrics.readFrom({
    ...sources,
    bucketLevels: () => [],
    longestUnanswered: () => [],
    unknownTasks: () => [],
    isScheduling: () => false,
    unscheduledSeconds: () => null,
    countTasksInFlight: async () => [],
  });
  const { body } = await metrics.render();
  expect(body).not.toContain('gateway_tasks_in_flight{');
  expect(body).not.toContain('gateway_upstream_budget_requests{');
  expect(body).not.toContain('gateway_task_longest_unheard_seconds{');
  expect(body).not.toContain('gateway_tasks_unknown{');
  expect(body).not.toMatch(/^gateway_unscheduled_seconds/m);
  expect(body).toMatch(/^gateway_scheduling 0$/m);
});

test('a database that is away leaves only its own gauges out', async () => {
  const metrics = createMetrics();
  metrics.readFrom(sources);
  await metrics.render();
  const isAway = () => Promise.reject(new Error('no connection'));
  metrics.readFrom({ ...sources, countTasksInFlight: isAway, countWebhooksToDeliver: isAway });
  const { body } = await metrics.render();
  expect(body).not.toMatch(/^gateway_webhooks_to_deliver/m);
  expect(body).not.toContain('gateway_tasks_in_flight{');
  expect(parse(body)).toMatchObject({ gateway_subscribers: 3 });
});

/** Strict about the lines it takes, as a scraper is. */
function parse(text: string): Record<string, number> {
  const lines = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# HELP ') && !line.startsWith('# TYPE '));
  return Object.fromEntries(
    lines.map((line) => {
      const match = /^([a-z_]\w*(?:\{[^}]*\})?) (\S+)$/i.exec(line);
      if (!match?.[1] || !(match[2] === 'Nan' || Number.isFinite(Number(match[2]))))
        throw new Error(`Not a sample: ${line}`);
      return [match[1], Number(match[2])];
    }),
  );
}
