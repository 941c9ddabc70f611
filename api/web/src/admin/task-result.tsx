import type { View } from '../api/client';
import { wordsOf } from '../ui/badge';
import { Card } from '../ui/card';
import { Fact, Facts } from '../ui/facts';
import { Markdown } from '../ui/markdown';

interface TaskResultProps {
  result: View<'ResultView'> | null;
  effects: readonly View<'EffectView'>[];
}

/** What came of a task: what was answered, what stands whatever became of it, and all of the result as it is. */
export function TaskResult({ result, effects }: TaskResultProps) {
  if (result === null && effects.length === 0) return null;
  return (
    <Card className="grid gap-4">
      <h2 className="font-serif text-lg font-semibold">Result</h2>
      {result?.kind === 'chat' && <Markdown text={result.message} />}
      {effects.length > 0 && (
        <section aria-label="What it did">
          <h3 className="mb-1 font-medium">What it did and stands</h3>
          <ul className="grid gap-1">
            {effects.map(({ kind, id }) => (
              <li key={`${kind} ${id}`}>
                {wordsOf(kind)} <span className="text-sm break-all text-muted">{id}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {result?.kind === 'chat' && (
        <Facts>
          <Fact name="Model">{result.usage.model}</Fact>
          <Fact name="Draft">
            {result.draft != null && `${wordsOf(result.draft.kind)}, version ${result.draft.version}`}
          </Fact>
          <Fact name="Waits for a yes">{result.awaiting_approval && 'Yes'}</Fact>
        </Facts>
      )}
      {result !== null && (
        <details>
          <summary className="text-accent underline">All of the result</summary>
          <pre className="mt-2 max-h-96 overflow-auto rounded-control bg-sunken p-3 text-xs break-all whitespace-pre-wrap">
            {JSON.stringify(result, null, 2)}
          </pre>
        </details>
      )}
    </Card>
  );
}
