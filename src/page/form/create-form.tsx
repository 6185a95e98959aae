import { type FormEvent, useRef } from 'react';
import type { ModelsQuery, TaskKind } from '../generated/graphql.ts';
import { goTo } from '../routing/use-view.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { type Draft, type Reference, type ReferenceName, referenceNames, type TextName } from './draft.ts';
import { FieldRow } from './field-row.tsx';
import { type Field, fieldsOf } from './fields.ts';
import { FormProblem } from './form-problem.tsx';
import { messagesAt } from './issues.ts';
import { ReferenceLists } from './reference-lists.tsx';
import { useBegunForm } from './use-begun-form.ts';

type CreateFormProps = {
  kind: TaskKind;
  /** The task that the form began with; empty for none. */
  like: string;
  models: NonNullable<ModelsQuery['models']>;
  initial: Draft;
};

const closed = { create: null, like: '' };

export function CreateForm({ kind, like, models, initial }: CreateFormProps) {
  const { begun, isKept, keep, send, discard } = useBegunForm(like, kind, initial);
  const { draft, isSending, outcome } = begun;
  const announce = useAnnounce();
  const form = useRef<HTMLFormElement>(null);
  const issues = outcome?.kind === 'mistakes' ? outcome.issues : [];
  const { main, further } = fieldsOf(draft, models);

  /** An edited field loses its mistakes. */
  function change(field: string, changes: Partial<Draft>): void {
    if (isSending) return;
    const left = issues.filter((issue) => !issue.field.startsWith(field));
    keep({
      draft: { ...draft, ...changes },
      isSending,
      outcome: outcome?.kind === 'mistakes' ? { ...outcome, issues: left } : outcome,
    });
  }
  function setText(name: TextName, text: string): void {
    // A version belongs to its model.
    const version = name === 'model' ? { version: '' } : {};
    change(name, { texts: { ...draft.texts, ...version, [name]: text } });
  }
  function setReferences(name: ReferenceName, references: readonly Reference[]): void {
    change(name, { references: { ...draft.references, [name]: references } });
  }

  async function create(): Promise<void> {
    const { kind: became } = await send();
    if (became === 'created') announce('The task was created.');
    // The form was closed meanwhile.
    if (form.current === null) {
      if (became !== 'created') announce('The task was not created: its form says why.');
      return;
    }
    if (became === 'created') goTo({ ...closed, task: '', after: '', before: '' });
    else focusFirstMistake(form.current);
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isSending) void create();
  }

  const rows = (fields: typeof main) =>
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
      <FormProblem outcome={outcome} shown={(name) => isShown(name, [...main, ...further])} />
      <div className="fields">{rows(main)}</div>
      <ReferenceLists draft={draft} models={models} issues={issues} onChange={setReferences} />
      <details>
        <summary>More options</summary>
        <div className="fields">{rows(further)}</div>
      </details>
      <div className="actions">
        <button className="primary" aria-disabled={isSending}>
          {isSending ? 'Creating…' : 'Create'}
        </button>
        {isKept && !isSending && (
          <button
            type="button"
            onClick={() => {
              discard();
              goTo(closed);
            }}
          >
            Discard
          </button>
        )}
      </div>
    </form>
  );
}

/** The first field with a mistake, also in a folded part; else the mistakes of the whole form. */
function focusFirstMistake(form: HTMLFormElement | null): void {
  const found =
    form?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? form?.querySelector<HTMLElement>('[role="alert"]');
  const folded = found?.closest('details');
  if (folded) folded.open = true;
  found?.focus();
}

/** Whether a mistake has a field to stand at. */
function isShown(name: string, fields: readonly Field[]): boolean {
  const names: readonly string[] = [...fields.map((field) => field.name), ...referenceNames];
  return names.includes(name.split('.', 1)[0] ?? '');
}
