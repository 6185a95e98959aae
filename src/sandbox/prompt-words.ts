/**
 * Words that steer the sandbox anywhere in a prompt, so that every end can be tried by hand:
 * - `[fail]`: the task is accepted, runs and ends as FAIL
 * - `[slow]`: the task takes ten times as long
 * - `[reject]`: the Create itself is refused with InvalidParameterValue.SensitiveContent
 */
export const promptWords = { fail: '[fail]', slow: '[slow]', reject: '[reject]' } as const;

export function hasWord(prompt: string | undefined, word: keyof typeof promptWords): boolean {
  return prompt?.toLowerCase().includes(promptWords[word]) ?? false;
}
