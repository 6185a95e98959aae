/** One row of the table: what is measured, and what is to be reached, in its words. */
export type Measure = { measure: string; goal: string };

/** One figure of a row, or two of them, in the order in which the goal names them. */
export type Measured = {
  value: readonly number[];
  /** Of what each is compared with. null: its goal is absolute. */
  beside: readonly (number | null)[];
};

type Bound = { isMet(figure: number): boolean };

const bound = /(≥|≤|never over) (\d+(?:\.\d+)?)|never starve/g;

/** The limits that a goal names, in its order. What is never to starve gets more than nothing. */
export function boundsOf(goal: string): Bound[] {
  return [...goal.matchAll(bound)].map(([, comparison, limit]) => ({
    isMet(figure) {
      if (limit === undefined) return figure > 0;
      return comparison === '≥' ? figure >= Number(limit) : figure <= Number(limit);
    },
  }));
}

/** value ÷ beside, of each figure that is compared with another. */
export function ratiosOf({ value, beside }: Measured): (number | null)[] {
  return value.map((figure, index) => {
    const other = beside[index] ?? null;
    return other === null ? null : figure / other;
  });
}

/** Whether each limit is kept: by the ratio where there is one, else by the figure. */
export function isReached(goal: string, measured: Measured): boolean {
  const ratios = ratiosOf(measured);
  const bounds = boundsOf(goal);
  if (bounds.length !== measured.value.length)
    throw new Error(`"${goal}" names ${bounds.length} limits, but ${measured.value.length} figures were measured.`);
  return bounds.every(({ isMet }, index) => isMet(ratios[index] ?? measured.value[index] ?? Number.NaN));
}
