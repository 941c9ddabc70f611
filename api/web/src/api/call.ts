import { ApiError, NetworkError, isAbort } from './errors';

type Answer<Data> =
  { data: Data; error?: never; response: Response } | { data?: never; error: unknown; response: Response };

/**
 * What a call of a client answers, or throws: an {@link ApiError} or a {@link NetworkError}.
 *
 *     queryFn: ({ signal }) => call(client.GET('/requests/{request_id}', { params: { path: { request_id } }, signal }))
 */
export async function call<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new ApiError(response, error);
  // An answer that is ok has the data of its type, which is undefined for 204.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
  return data as Data;
}

/** `fetch` whose failure is a {@link NetworkError}; what was aborted stays aborted. */
export async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw isAbort(error) ? error : new NetworkError(error);
  }
}
