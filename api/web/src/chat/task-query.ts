import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { keys } from '../api/keys';

/** A task that has ended: it stays as it is. Without its result a page goes on, unless it says otherwise. */
export function endedTaskQuery(taskId: string) {
  return queryOptions({
    queryKey: keys.tasks.one(taskId),
    queryFn: ({ signal }) =>
      call(client.GET('/chat/status/{task_id}', { params: { path: { task_id: taskId } }, signal })),
    staleTime: Infinity,
    throwOnError: false,
  });
}
