import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../../api/client';
import type { View } from '../../api/client';
import { keys } from '../../api/keys';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/dialog';
import { toast } from '../../ui/toast';
import { MemoryPart } from './memory-part';
import { memoryKeys } from './memory-words';
import type { MemoryKey } from './memory-words';

/** What is remembered of the caller, to be corrected and forgotten. To be put in a panel. */
export function Memory() {
  const { data: memory } = useSuspenseQuery({
    queryKey: keys.consumer.memory,
    queryFn: ({ signal }) => call(client.GET('/consumers/me/memory', { signal })),
  });
  const [forgets, setForgets] = useState<MemoryKey | 'all' | null>(null);
  const correct = useChange((body: View<'MemoryBody'>) => call(client.PATCH('/consumers/me/memory', { body })));
  const forget = useChange((key: MemoryKey | null) =>
    call(client.DELETE('/consumers/me/memory', { params: { query: key === null ? {} : { key } } })),
  );
  return (
    <div className="grid gap-4">
      <p className="text-muted">
        Proxie uses this so that you need not say things twice. What you said comes before what was learned from what
        you did.
      </p>
      {memoryKeys.map((key) => (
        <MemoryPart
          key={key}
          name={key}
          memory={memory}
          onCorrect={(body) => correct.mutateAsync(body)}
          onForget={() => setForgets(key)}
        />
      ))}
      <Button look="danger" className="justify-self-start" onClick={() => setForgets('all')}>
        Forget everything
      </Button>
      <ConfirmDialog
        open={forgets !== null}
        onClose={() => setForgets(null)}
        title={forgets === 'all' ? 'Forget everything?' : 'Forget this?'}
        description="Both what you said and what was learned. It is learned again from new things only."
        confirm="Forget"
        danger
        onConfirm={async () => {
          await forget.mutateAsync(forgets === 'all' ? null : forgets);
          toast('Forgotten.');
        }}
      />
    </div>
  );
}

function useChange<Input>(change: (input: Input) => Promise<View<'MemoryView'>>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (memory) => queries.setQueryData(keys.consumer.memory, memory),
  });
}
