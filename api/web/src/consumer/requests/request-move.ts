import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/keys';
import type { Request } from '../../requests/request';

/** A move of a request: what it answers is shown at once, and all that hangs on requests is asked for again. */
export function useRequestMove<Input>(move: (input: Input) => Promise<Request>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: move,
    onSuccess: (request) => queries.setQueryData(keys.requests.one(request.id), request),
    // Also what was refused: the request is not as this page has it, then.
    onSettled: () => void queries.invalidateQueries({ queryKey: keys.requests.all }),
  });
}
