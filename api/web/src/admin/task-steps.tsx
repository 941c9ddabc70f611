import type { View } from '../api/client';
import { Card } from '../ui/card';

type Step = View<'StepView'>;

/** What a task did, in order: which model answered, which tool acted, and what it took. */
export function TaskSteps({ steps }: { steps: readonly Step[] }) {
  return (
    <Card className="grid gap-3">
      <h2 className="font-serif text-lg font-semibold">Steps</h2>
      {steps.length === 0 ? (
        <p className="text-muted">No step is finished.</p>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reached by keyboard.
        <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Steps">
          <table className="w-full text-left text-sm">
            <caption className="sr-only">Finished steps of the task, in order</caption>
            <thead className="text-muted">
              <tr>
                <Heading>No.</Heading>
                <Heading>What</Heading>
                <Heading>By</Heading>
                <Heading isNumber>Tokens in</Heading>
                <Heading isNumber>Tokens out</Heading>
              </tr>
            </thead>
            <tbody>
              {steps.map((step) => (
                <tr key={step.no} className="border-t border-line">
                  <td className="py-2 pr-4">{step.no}</td>
                  <td className="py-2 pr-4 whitespace-nowrap">
                    {step.kind === 'llm' ? 'Answer of a model' : 'Call of a tool'}
                  </td>
                  <td className="py-2 pr-4">
                    <code>{step.name}</code>
                  </td>
                  <td className="py-2 pr-4 text-right tabular-nums">{countOf(step.prompt_tokens)}</td>
                  <td className="py-2 text-right tabular-nums">{countOf(step.completion_tokens)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Heading({ children, isNumber = false }: { children: string; isNumber?: boolean }) {
  return (
    <th
      scope="col"
      className={isNumber ? 'py-1 pr-4 text-right font-medium whitespace-nowrap last:pr-0' : 'py-1 pr-4 font-medium'}
    >
      {children}
    </th>
  );
}

function countOf(tokens: number | null | undefined): string {
  return tokens == null ? '–' : tokens.toLocaleString('en');
}
