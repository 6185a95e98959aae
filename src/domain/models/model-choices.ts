import type { RequestedModel } from './requested-model.ts';
import type { InputIssue } from '../request/input-issue.ts';
import { kindRules } from './model-rules.ts';
import { maxReferences } from '../request/request-bounds.ts';
import type { TaskRequest } from '../request/request.ts';
import { quote } from '../request/text.ts';

type Value = string | number;
type Choice = { path: string[]; value: Value | undefined; allowed: readonly Value[]; allowedForKind: readonly Value[] };

export function choiceIssues(request: TaskRequest, model: RequestedModel): InputIssue[] {
  return [
    ...sceneTypeIssues(request, model),
    ...choicesOf(request, model).flatMap((choice) => issuesOf(choice, model)),
  ];
}

function sceneTypeIssues(
  { sceneType }: TaskRequest,
  { label, rules, documentedSceneTypes }: RequestedModel,
): InputIssue[] {
  if (sceneType === undefined || rules.sceneTypes.includes(sceneType)) return [];
  if (rules.sceneTypes.length === 0 && !documentedSceneTypes.includes(sceneType)) return [];
  const known =
    rules.sceneTypes.length === 0 ? 'is documented for other models only' : `is none of ${spoken(rules.sceneTypes)}`;
  const message = `Scene type ${quote(sceneType)} does not work with ${label}: it ${known}.`;
  return [{ path: ['sceneType'], code: 'UNSUPPORTED_BY_MODEL', message }];
}

function choicesOf(request: TaskRequest, { rules }: RequestedModel): Choice[] {
  if (request.kind === 'AUDIO') return [];
  const ofKind = kindRules[request.kind];
  const { aspectRatio, resolution, referenceImages = [] } = request;
  const duration = request.kind === 'VIDEO' ? request.duration : undefined;
  return [
    { path: ['aspectRatio'], value: aspectRatio, allowed: rules.aspectRatios, allowedForKind: ofKind.aspectRatios },
    { path: ['resolution'], value: resolution, allowed: rules.resolutions, allowedForKind: ofKind.resolutions },
    { path: ['duration'], value: duration, allowed: rules.durations, allowedForKind: ofKind.durations },
    ...referenceImages.slice(0, maxReferences).map((image, index) => ({
      path: ['referenceImages', String(index), 'referenceType'],
      value: image.referenceType,
      allowed: rules.referenceTypes,
      allowedForKind: ofKind.referenceTypes,
    })),
  ];
}

function issuesOf({ path, value, allowed, allowedForKind }: Choice, { label }: RequestedModel): InputIssue[] {
  if (value === undefined || allowed.length === 0 || allowed.includes(value)) return [];
  const given = `The ${path.at(-1)} ${typeof value === 'string' ? quote(value) : value}`;
  // No documented model takes this value, so naming one of them would mislead.
  if (allowedForKind.length > 0 && !allowedForKind.includes(value))
    return [{ path, code: 'NOT_ALLOWED', message: `${given} is not allowed. Choose ${spoken(allowed)}.` }];
  return [
    { path, code: 'UNSUPPORTED_BY_MODEL', message: `${given} does not work with ${label}. Choose ${spoken(allowed)}.` },
  ];
}

/** "5 or 10"; "3 to 15" for consecutive numbers. */
function spoken(values: readonly Value[]): string {
  const first = values.at(0);
  const last = values.at(-1);
  const isRun =
    typeof first === 'number' && values.length > 2 && values.every((value, index) => value === first + index);
  if (isRun) return `${first} to ${last}`;
  return values.length > 1 ? `${values.slice(0, -1).join(', ')} or ${last}` : String(first);
}
