import type { ModelsQuery } from '../generated/graphql.ts';
import type { Draft, TextName } from './draft.ts';
import { findRules, modelsFor, type Rules } from './rules.ts';

export type Option = { value: string; label: string };

export type Field = {
  name: TextName;
  label: string;
  hint?: string;
  control: { as: 'area'; rows: number } | { as: 'text' } | { as: 'number' } | { as: 'select'; options: Option[] };
};

type Models = NonNullable<ModelsQuery['models']>;

const anyChoice: Option = { value: '', label: 'The model’s default' };
const yesOrNo = [anyChoice, { value: 'yes', label: 'Yes' }, { value: 'no', label: 'No' }];

/** The fields of the kind and the chosen model: first those that most requests have, then the others. */
export function fieldsOf(draft: Draft, models: Models): { main: Field[]; further: Field[] } {
  const rules = findRules(draft, models);
  const specific = { IMAGE: imageFields, VIDEO: videoFields, AUDIO: audioFields }[draft.kind](draft, rules);
  return {
    main: [promptField(draft, rules), ...modelFields(draft, models), ...specific.main],
    further: [...sceneField(draft, rules), ...specific.further, ...commonFields],
  };
}

function promptField({ kind }: Draft, rules: Rules | null): Field {
  const limit = rules?.maxPromptLength ?? null;
  const subject = { IMAGE: 'shows', VIDEO: 'shows', AUDIO: 'sounds like' }[kind];
  const hint =
    limit === null ? `What the result ${subject}.` : `What the result ${subject}, in at most ${limit} characters.`;
  return { name: 'prompt', label: 'Prompt', hint, control: { as: 'area', rows: 4 } };
}

function modelFields(draft: Draft, models: Models): Field[] {
  const { model, version } = draft.texts;
  const known = modelsFor(draft, models);
  const names = known.map(({ name }) => ({ value: name, label: name }));
  const versions = known.find(({ name }) => name === model)?.versions ?? [];
  const choice = (text: string | null): Option => ({ value: text ?? '', label: text ?? 'The vendor’s default' });
  const vendorChooses = { value: '', label: 'The vendor chooses' };
  return [
    { name: 'model', label: 'Model', control: selectOf([vendorChooses, ...names], model) },
    ...(model === ''
      ? []
      : [
          versionField(
            versions.map((offered) => choice(offered.version)),
            version,
          ),
        ]),
  ];
}

function versionField(options: Option[], chosen: string): Field {
  const hasDefault = options.some(({ value }) => value === '');
  const all = hasDefault ? options : [{ value: '', label: 'The vendor’s default' }, ...options];
  return { name: 'version', label: 'Version', control: selectOf(all, chosen) };
}

/** A chosen value stays an option even if the catalogue doesn't know it. */
function selectOf(options: Option[], chosen: string): Field['control'] {
  const isKnown = options.some(({ value }) => value === chosen);
  return { as: 'select', options: isKnown ? options : [...options, { value: chosen, label: chosen }] };
}

/** A select where the documented values are known, else free text. */
function choiceField(field: Omit<Field, 'control'>, values: readonly (string | number)[], chosen: string): Field {
  if (values.length === 0) return { ...field, control: { as: 'text' } };
  const options = values.map((value) => ({ value: String(value), label: String(value) }));
  return { ...field, control: selectOf([anyChoice, ...options], chosen) };
}

function aspectRatioField({ texts }: Draft, rules: Rules | null): Field {
  const field = { name: 'aspectRatio', label: 'Aspect ratio', hint: 'Such as 16:9.' } as const;
  return choiceField(field, rules?.aspectRatios ?? [], texts.aspectRatio);
}

function resolutionField({ texts }: Draft, rules: Rules | null): Field {
  return choiceField({ name: 'resolution', label: 'Resolution' }, rules?.resolutions ?? [], texts.resolution);
}

function negativePromptField(rules: Rules | null): Field[] {
  if (rules?.supportsNegativePrompt === false) return [];
  const hint = 'What the result shall not contain.';
  return [{ name: 'negativePrompt', label: 'Negative prompt', hint, control: { as: 'area', rows: 2 } }];
}

function sceneField({ texts }: Draft, rules: Rules | null): Field[] {
  const values = rules?.sceneTypes ?? [];
  if (rules !== null && values.length === 0 && texts.sceneType === '') return [];
  return [choiceField({ name: 'sceneType', label: 'Scene type' }, values, texts.sceneType)];
}

function switchField(name: TextName, label: string): Field {
  return { name, label, control: { as: 'select', options: yesOrNo } };
}

function formatField(formats: readonly string[]): Field {
  const options = formats.map((format) => ({ value: format, label: format }));
  return { name: 'outputFormat', label: 'File format', control: { as: 'select', options: [anyChoice, ...options] } };
}

function imageFields(draft: Draft, rules: Rules | null) {
  return {
    main: [aspectRatioField(draft, rules), resolutionField(draft, rules)],
    further: [
      ...negativePromptField(rules),
      { name: 'outputImageCount', label: 'Number of images', control: { as: 'number' } } satisfies Field,
      formatField(['JPEG', 'PNG']),
      switchField('enhancePrompt', 'Improve the prompt'),
      switchField('logo', 'Add the vendor’s logo'),
    ],
  };
}

function videoFields(draft: Draft, rules: Rules | null) {
  const durations = rules?.durations ?? [];
  const duration = { name: 'duration', label: 'Duration in seconds' } as const;
  const hint = 'URL of a JPEG or PNG under 10 MB.';
  return {
    main: [
      durations.length > 0
        ? choiceField(duration, durations, draft.texts.duration)
        : ({ ...duration, control: { as: 'number' } } satisfies Field),
      aspectRatioField(draft, rules),
      resolutionField(draft, rules),
      { name: 'firstFrame', label: 'First frame', hint, control: { as: 'text' } } satisfies Field,
    ],
    further: [
      ...(rules?.supportsLastFrame === false
        ? []
        : [{ name: 'lastFrame', label: 'Last frame', hint, control: { as: 'text' } } satisfies Field]),
      ...negativePromptField(rules),
      switchField('enableAudio', 'With sound'),
      switchField('enableBackgroundMusic', 'With background music'),
      switchField('offPeak', 'May wait for off-peak hours'),
      switchField('enhancePrompt', 'Improve the prompt'),
      switchField('logo', 'Add the vendor’s logo'),
    ],
  };
}

function audioFields() {
  const resource: Field = { name: 'resourceId', label: 'Resource of the vendor’s', control: { as: 'text' } };
  return { main: [formatField(['MP3', 'WAV'])], further: [resource] };
}

const webhookChoices: Option[] = [
  { value: '', label: 'The end' },
  { value: 'CHANGED', label: 'Each change' },
];

const commonFields: Field[] = [
  {
    name: 'operator',
    label: 'Operator',
    hint: 'Whose request it is: lists can be filtered by it.',
    control: { as: 'text' },
  },
  {
    name: 'additionalParameters',
    label: 'Additional parameters',
    hint: 'A JSON object, passed on to the model as it is.',
    control: { as: 'area', rows: 3 },
  },
  { name: 'bucketName', label: 'Bucket for the results', hint: 'In your own COS.', control: { as: 'text' } },
  { name: 'bucketRegion', label: 'Region of the bucket', control: { as: 'text' } },
  { name: 'bucketPath', label: 'Folder in the bucket', control: { as: 'text' } },
  {
    name: 'webhookUrl',
    label: 'Webhook',
    hint: 'URL of your server, which receives its events.',
    control: { as: 'text' },
  },
  { name: 'webhookEvents', label: 'Events of the webhook', control: { as: 'select', options: webhookChoices } },
];
