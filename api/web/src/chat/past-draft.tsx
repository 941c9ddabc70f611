import { DraftFields } from './draft-fields';
import { draftWords } from './drafts';
import type { Draft } from './transcript';

/** A draft as an earlier answer showed it; it can be looked at, and nothing else. */
export default function PastDraft({ draft }: { draft: Draft }) {
  return (
    <details className="rounded-card border border-line bg-surface px-4 py-2 text-sm">
      <summary className="min-h-7 text-muted">{draftWords(draft.kind).title}: the draft of then</summary>
      <div className="grid gap-3 py-3">
        <DraftFields draft={draft} />
      </div>
    </details>
  );
}
