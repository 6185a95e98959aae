import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ModelsQuery, TaskKind } from '../generated/graphql.ts';
import { goTo } from '../routing/use-view.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { asKind, type Draft, type Reference, type ReferenceName, type TextName } from './draft.ts';
import { FieldRow } from './field-row.tsx';
import { fieldsOf } from './fields.ts';
import { FormProblem } from './form-problem.tsx';
import { messagesAt, type Issue } from './issues.ts';
import { newKey } from './new-key.ts';
import { ReferenceLists } from './reference-lists.tsx';
import { shownNames } from './shown-names.ts';
import { type Outcome, useCreate } from './use-create.ts';

type CreateFormProps = { kind: TaskKind; models: NonNullable<ModelsQuery['models']>; initial: Draft };

export function CreateForm({ kind, models, initial }: CreateFormProps) {
  const create = useCreate();
  const announce = useAnnounce();
  const [draft, setDraft] = useState(initial);
  if (draft.kind !== kind) setDraft(asKind(draft, kind));
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [problem, setProblem] = useState<Outcome | null>(null);
  const [isSending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { usual, further } = fieldsOf(draft, models);

  const forget = (field: string): void => {
    if (issues.some((issue) => issue.field.startsWith(field))) {
      setIssues(issues.filter((issue) => !issue.field.startsWith(field)));
    }
  };
  function setText(name: TextName, text: string): void {
    forget(name);
    // A version belongs to its model.
    const version = name === 'model' ? { version: '' } : {};
    setDraft({ ...draft, texts: { ...draft.texts, ...version, [name]: text } });
  }
  function setReferences(name: ReferenceName, references: readonly Reference[]): void {
    forget(name);
    setDraft({ ...draft, references: { ...draft.references, [name]: references } });
  }

  async function send(): Promise<void> {
    setSending(true);
    setProblem(null);
    const outcome = await create(draft);
    if (outcome.kind === 'created') {
      announce('The task was created.');
      return goTo({ create: null, like: '', task: '', after: '', before: '' });
    }
    // Shown first: what is not there yet can't be gone to.
    flushSync(() => {
      setSending(false);
      setIssues(outcome.kind === 'mistakes' ? outcome.issues : []);
      // Pressed again, it is meant as another task.
      if (outcome.kind === 'conflict') setDraft({ ...draft, idempotencyKey: newKey() });
      setProblem(outcome);
    });
    focusFirstMistake(form.current);
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isSending) void send();
  }

  const rows = (fields: typeof usual) =>
    fields.map((field) => (
      <FieldRow
        key={field.name}
        field={field}
        value={draft.texts[field.name]}
        problems={messagesAt(issues, field.name)}
        onChange={(text) => setText(field.name, text)}
      />
    ));
  return (
    <form ref={form} className="task-form" noValidate onSubmit={submit}>
      <FormProblem outcome={problem} issues={issues} shown={shownNames([...usual, ...further])} />
      <div className="fields">{rows(usual)}</div>
      <ReferenceLists draft={draft} models={models} issues={issues} onChange={setReferences} />
      <details>
        <summary>More options</summary>
        <div className="fields">{rows(further)}</div>
      </details>
      <div className="actions">
        <button className="primary" aria-disabled={isSending}>
          {isSending ? 'Creating…' : 'Create'}
        </button>
      </div>
    </form>
  );
}

/** The first field with a mistake, also in what is folded; else what is said of the whole. */
function focusFirstMistake(form: HTMLFormElement | null): void {
  const found =
    form?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? form?.querySelector<HTMLElement>('[role="alert"]');
  const folded = found?.closest('details');
  if (folded) folded.open = true;
  found?.focus();
}
