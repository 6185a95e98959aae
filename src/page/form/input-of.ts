import type {
  CreateAudioTaskInput,
  CreateImageTaskInput,
  CreateVideoTaskInput,
  ReferenceVideoRole,
  WebhookEvent,
} from '../generated/graphql.ts';
import type { Draft, Reference, TextName } from './draft.ts';
import type { Issue } from './issues.ts';

/** Sends only fields that were filled in, and of these only those that the kind takes. */
export function imageInput(draft: Draft): CreateImageTaskInput {
  const { texts, references } = draft;
  return {
    ...commonInput(draft),
    ...wordsOf(draft, ['negativePrompt', 'aspectRatio', 'resolution']),
    ...switchesOf(draft, ['enhancePrompt', 'logo']),
    ...numbersOf(draft, ['outputImageCount']),
    ...(texts.outputFormat && { outputFormat: texts.outputFormat === 'PNG' ? 'PNG' : 'JPEG' }),
    ...filled('referenceImages', references.referenceImages, imageReference),
  };
}

export function videoInput(draft: Draft): CreateVideoTaskInput {
  const { references } = draft;
  return {
    ...commonInput(draft),
    ...wordsOf(draft, ['negativePrompt', 'aspectRatio', 'resolution', 'firstFrame', 'lastFrame']),
    ...switchesOf(draft, ['enhancePrompt', 'logo', 'enableAudio', 'enableBackgroundMusic', 'offPeak']),
    ...numbersOf(draft, ['duration']),
    ...filled('referenceImages', references.referenceImages, imageReference),
    ...filled('referenceVideos', references.referenceVideos, videoReference),
    ...filled('referenceAudios', references.referenceAudios, ({ url }) => url.trim()),
  };
}

export function audioInput(draft: Draft): CreateAudioTaskInput {
  const { texts, references } = draft;
  return {
    ...commonInput(draft),
    ...wordsOf(draft, ['resourceId']),
    ...(texts.outputFormat && { outputFormat: texts.outputFormat === 'WAV' ? 'WAV' : 'MP3' }),
    ...filled('referenceAudios', references.referenceAudios, ({ url }) => url.trim()),
    ...filled('referenceVideos', references.referenceVideos, ({ url }) => url.trim()),
  };
}

const numberNames = ['outputImageCount', 'duration'] as const;

/** Mistakes that only the page can find, because such a value can't be sent. */
export function findUnsendable({ texts }: Draft): Issue[] {
  const { additionalParameters: text, bucketName, bucketRegion, bucketPath, webhookUrl, webhookEvents } = texts;
  const needsBucket = Boolean(bucketPath || bucketName || bucketRegion);
  return [
    ...numberNames
      .filter((name) => texts[name].trim() !== '' && parseNumber(texts[name]) === null)
      .map((name) => ({ field: name, message: 'This is not a whole number, such as 4.' })),
    ...(text.trim() !== '' && parseObject(text) === null
      ? [{ field: 'additionalParameters', message: 'This is not a JSON object.' }]
      : []),
    ...(webhookEvents && !webhookUrl.trim() ? [{ field: 'webhookUrl', message: 'Which webhook?' }] : []),
    ...(needsBucket && !bucketName ? [{ field: 'bucketName', message: 'Which bucket?' }] : []),
    ...(needsBucket && !bucketRegion ? [{ field: 'bucketRegion', message: 'In which region is the bucket?' }] : []),
  ];
}

function commonInput(draft: Draft) {
  const { texts, idempotencyKey } = draft;
  const { model, version, bucketName, bucketRegion, bucketPath, webhookUrl } = texts;
  const additionalParameters = parseObject(texts.additionalParameters);
  return {
    ...wordsOf(draft, ['prompt', 'sceneType', 'operator']),
    ...(model && { model: { name: model, ...(version && { version }) } }),
    ...(additionalParameters && { additionalParameters }),
    ...(bucketName && { storeCos: { bucketName, bucketRegion, ...(bucketPath && { bucketPath }) } }),
    ...(webhookUrl.trim() && { webhook: { url: webhookUrl.trim(), events: webhookEventsOf(texts) } }),
    idempotencyKey,
  };
}

function webhookEventsOf({ webhookEvents }: Draft['texts']): WebhookEvent[] {
  return [webhookEvents === 'CHANGED' ? 'CHANGED' : 'ENDED'];
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function wordsOf<Name extends TextName>({ texts }: Draft, names: readonly Name[]): { [name in Name]?: string } {
  return pick(names, (name) => texts[name].trim() || undefined);
}

function switchesOf<Name extends TextName>({ texts }: Draft, names: readonly Name[]): { [name in Name]?: boolean } {
  return pick(names, (name) => (texts[name] === '' ? undefined : texts[name] === 'yes'));
}

function numbersOf<Name extends (typeof numberNames)[number]>(
  { texts }: Draft,
  names: readonly Name[],
): { [name in Name]?: number } {
  return pick(names, (name) => parseNumber(texts[name]) ?? undefined);
}

/** Also reads full-width digits, which many keyboards type; null for anything but a whole number in GraphQL's range. */
function parseNumber(text: string): number | null {
  const digits = text.normalize('NFKC').trim();
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}

function pick<Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value | undefined,
): { [name in Name]?: Value } {
  const picked: { [name in Name]?: Value } = {};
  for (const name of names) {
    const value = valueOf(name);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** Sends blank ones, too, so that an index in a mistake's path is also the form's. */
function filled<Name extends string, Value>(
  name: Name,
  references: readonly Reference[],
  valueOf: (reference: Reference) => Value,
): { [name in Name]?: Value[] } {
  return references.length === 0 ? {} : pick([name], () => references.map(valueOf));
}

function imageReference({ url, role }: Reference) {
  return { url: url.trim(), ...(role && { referenceType: role }) };
}

function videoReference({ url, role, sound }: Reference) {
  const known: ReferenceVideoRole = role === 'BASE' ? 'BASE' : 'FEATURE';
  return { url: url.trim(), ...(role && { role: known }), ...(sound && { keepOriginalSound: sound === 'yes' }) };
}
