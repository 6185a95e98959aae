/** Measures both sides in turn, so that a machine that is busy for a while is so for both of them. */
export async function alternate<Measured, Beside>(
  count: number,
  measure: () => Promise<Measured>,
  measureBeside: () => Promise<Beside>,
): Promise<{ measured: Measured[]; beside: Beside[] }> {
  const measured: Measured[] = [];
  const beside: Beside[] = [];
  for (let round = 0; round < count; round += 1) {
    measured.push(await measure());
    beside.push(await measureBeside());
  }
  return { measured, beside };
}
