import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call, client } from '../../api/client';
import type { View } from '../../api/client';
import { keys } from '../../api/keys';
import type { Request } from '../../requests/request';

const LONGEST_POLL_S = 25;
const REMATCH_MS = 10 * 60_000;

/** The task of the latest matching, followed until it ends; null once it is swept. */
export function useMatchingTask(request: Request): View<'TaskView'> | null {
  const queries = useQueryClient();
  const taskId = request.match?.task_id ?? '';
  const { data } = useQuery({
    queryKey: keys.tasks.one(taskId),
    queryFn: ({ signal, client: cache }) => {
      // The first answer is wanted at once, each other one when there is something new.
      const wait = cache.getQueryData(keys.tasks.one(taskId)) === undefined ? 0 : LONGEST_POLL_S;
      const params = { path: { task_id: taskId }, query: { wait } };
      return call(client.GET('/chat/status/{task_id}', { params, signal }));
    },
    enabled: taskId !== '',
    refetchInterval: ({ state }) => (state.data?.status === 'processing' ? 1_000 : false),
    throwOnError: false,
  });
  const isNews = data !== undefined && data.status !== request.match?.status;
  useEffect(() => {
    if (isNews) void queries.invalidateQueries({ queryKey: keys.requests.all });
  }, [isNews, queries]);
  return data ?? null;
}

/** From when on a request may be matched again. */
export function nextMatchAt(task: View<'TaskView'> | null): Date | null {
  return task === null ? null : new Date(new Date(task.created_at).getTime() + REMATCH_MS);
}
