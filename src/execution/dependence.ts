import type { GraphQLField } from 'graphql';

/**
 * What a field's value depends on: its object and its arguments alone, the moment too, or also the request that asks for it. A
 * field says so by its extension `dependsOn`; one that says nothing depends on all of it.
 */
export const dependences = ['object', 'moment', 'request'] as const;
export type Dependence = (typeof dependences)[number];

/** The later ones include the earlier ones. */
export const rankOf = (dependence: Dependence): number => dependences.indexOf(dependence);

export function dependenceOf({ extensions }: GraphQLField<unknown, unknown>): Dependence {
  return dependences.find((dependence) => dependence === extensions['dependsOn']) ?? 'request';
}
