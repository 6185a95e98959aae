/** Whether a gateway is the one that schedules: only that one tells of its budgets. */
export async function schedules({ url }: { url: string }): Promise<boolean> {
  return /^gateway_upstream_budget_requests\{/m.test(await (await fetch(`${url}/metrics`)).text());
}
