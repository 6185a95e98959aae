export const kinds = ['image', 'video', 'audio'] as const;
export type Kind = (typeof kinds)[number];

export const actions = {
  CreateAigcImageTask: { verb: 'create', kind: 'image' },
  DescribeAigcImageTask: { verb: 'describe', kind: 'image' },
  CreateAigcVideoTask: { verb: 'create', kind: 'video' },
  DescribeAigcVideoTask: { verb: 'describe', kind: 'video' },
  CreateAigcAudioTask: { verb: 'create', kind: 'audio' },
  DescribeAigcAudioTask: { verb: 'describe', kind: 'audio' },
} as const satisfies Record<string, { verb: 'create' | 'describe'; kind: Kind }>;

export type SandboxAction = keyof typeof actions;

export function isAction(name: string): name is SandboxAction {
  return Object.hasOwn(actions, name);
}

export const apiVersion = '2019-06-12';

/** Requests per second. */
export type Limits = Readonly<Record<SandboxAction, number>>;

/** By the vendor's current pages. */
export const vendorLimits: Limits = {
  CreateAigcImageTask: 20,
  DescribeAigcImageTask: 20,
  CreateAigcVideoTask: 10,
  DescribeAigcVideoTask: 50,
  CreateAigcAudioTask: 20,
  DescribeAigcAudioTask: 20,
};
