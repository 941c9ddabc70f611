import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { detailOf } from '../api/errors';

export type Suggestion = View<'OfferDraftResultView'>;

const WAIT_SECONDS = 20;
/** Between two long polls. */
const PAUSE_MS = 500;

/** The task of it ended without one. */
class NoSuggestion extends Error {
  constructor(readonly detail: string) {
    super(detail);
    this.name = 'NoSuggestion';
  }
}

/** Has an offer worked out from the provider's prices, calendar and templates. */
export function useSuggestion(requestId: string, onSuggested: (suggestion: Suggestion) => void) {
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: () => {
      controller.current = new AbortController();
      return suggest(requestId, controller.current.signal);
    },
    onSuccess: onSuggested,
  });
  return {
    ask: () => mutate(),
    isPending,
    suggestion: data ?? null,
    /** What went wrong, as a sentence. */
    trouble: error === null ? null : error instanceof NoSuggestion ? error.detail : detailOf(error),
  };
}

async function suggest(requestId: string, signal: AbortSignal): Promise<Suggestion> {
  const params = {
    path: { request_id: requestId },
    // Each time it is asked for is another intent: the calendar may have changed.
    header: { 'Idempotency-Key': crypto.randomUUID() },
  };
  const { task_id } = await call(client.POST('/requests/{request_id}/suggest-offer', { params, signal }));
  for (;;) {
    const path = { task_id };
    const asked = client.GET('/chat/status/{task_id}', { params: { path, query: { wait: WAIT_SECONDS } }, signal });
    const task = await call(asked);
    if (task.result?.kind === 'offer_draft') return task.result;
    if (task.status !== 'processing') {
      throw new NoSuggestion(task.error?.detail ?? 'No offer was worked out. Please try again.');
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
