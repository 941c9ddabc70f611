import { useState } from 'react';
import type { View } from '../../api/client';
import { useServiceName } from '../../catalog/catalog';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { MemoryForm } from './memory-form';
import { learnedOf, memoryNames, statedOf } from './memory-words';
import type { MemoryKey } from './memory-words';

interface MemoryPartProps {
  name: MemoryKey;
  memory: View<'MemoryView'>;
  onCorrect: (body: View<'MemoryBody'>) => Promise<unknown>;
  onForget: () => void;
}

/** What is remembered of one thing: what was said and, apart from it, what was learned. */
export function MemoryPart({ name, memory, onCorrect, onForget }: MemoryPartProps) {
  const nameOf = useServiceName();
  const [edits, setEdits] = useState(false);
  const stated = statedOf(memory, name);
  const learned = learnedOf(memory, name, nameOf);
  const title = memoryNames[name];
  // Whom one likes is told by id: here they can only be left out.
  const canCorrect = name !== 'favourite_providers' || stated.length > 0;
  const correct = stated.length === 0 ? 'Say it' : 'Correct';
  return (
    <Card role="group" aria-label={title} className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-serif text-lg font-semibold">{title}</h2>
        <div className="flex gap-1">
          {!edits && canCorrect && (
            <Button look="quiet" size="small" aria-label={`${correct}: ${title}`} onClick={() => setEdits(true)}>
              {correct}
            </Button>
          )}
          {(stated.length > 0 || learned.length > 0) && (
            <Button look="quiet" size="small" aria-label={`Forget: ${title}`} onClick={onForget}>
              Forget
            </Button>
          )}
        </div>
      </div>
      {edits ? (
        <MemoryForm name={name} stated={memory.stated} onCorrect={onCorrect} onClose={() => setEdits(false)} />
      ) : (
        <div>
          <p className="text-sm text-muted">You said</p>
          <p>{stated.length === 0 ? <span className="text-muted">Nothing yet</span> : stated.join(', ')}</p>
        </div>
      )}
      {learned.length > 0 && (
        <div>
          <p className="text-sm text-muted">Learned from what you did</p>
          <ul className="list-disc pl-5">
            {learned.map(({ text, seen }) => (
              <li key={text}>
                {text} <span className="text-sm text-muted">({seen === 1 ? 'seen once' : `seen ${seen} times`})</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}
