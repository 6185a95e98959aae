import { getNamedType, type GraphQLNamedType, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { eventFields } from '../../schema/event-fields.ts';
import { schema } from '../../schema/index.ts';

/** All types of which an event may show something. */
function typesOfEvents(): Set<GraphQLNamedType> {
  const types = new Set<GraphQLNamedType>();
  const reach = (type: GraphQLNamedType | null | undefined): void => {
    if (!type || types.has(type)) return;
    types.add(type);
    if (isAbstractType(type)) schema.getPossibleTypes(type).forEach(reach);
    if (!isObjectType(type) && !isInterfaceType(type)) return;
    for (const field of Object.values(type.getFields())) reach(getNamedType(field.type));
  };
  reach(schema.getSubscriptionType());
  return types;
}

test('every field of events says what it depends on, so that none is shared by mistake', () => {
  const silent = [...typesOfEvents()].flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields()).filter(({ extensions }) => extensions['dependsOn'] === undefined)
      : [],
  );
  expect(silent.map(String)).toEqual([]);
});

test('no field says two things', () => {
  const named = Object.values(eventFields).flatMap((types) =>
    Object.entries(types).flatMap(([type, names]) => names.split(' ').map((name) => `${type}.${name}`)),
  );
  expect(named).toEqual([...new Set(named)]);
});

test.each([
  ['AigcTask.estimate', 'moment'],
  ['ImageFile.url', 'moment'],
  ['VideoTask.history', 'request'],
  ['ImageTask.retryOf', 'request'],
  ['ImageTask.status', 'object'],
])('%s depends on the %s', (coordinate, dependsOn) => {
  const [typeName = '', name = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  expect(field?.extensions['dependsOn']).toBe(dependsOn);
});
