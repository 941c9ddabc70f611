import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { keys } from '../api/keys';

/** A task that has ended: it stays as it is. A result that was swept is no failure of the page. */
export function endedTaskQuery(taskId: string) {
  return queryOptions({
    queryKey: keys.tasks.one(taskId),
    queryFn: ({ signal }) =>
      call(client.GET('/chat/status/{task_id}', { params: { path: { task_id: taskId } }, signal })),
    staleTime: Infinity,
    throwOnError: false,
  });
}
