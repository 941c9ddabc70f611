import { queryOptions } from '@tanstack/react-query';
import { call, client } from './client';
import type { View } from './client';
import { keys } from './keys';

export type Media = View<'MediaView'>;

/** What `POST /media` takes, for `accept` of a file field. */
export const ACCEPTED_MEDIA = 'image/jpeg,image/png,image/webp,video/mp4';
export const ACCEPTED_IMAGES = 'image/jpeg,image/png,image/webp';

/** Before the links of a view cease to be good, which is after 15 minutes. */
const FRESH_MS = 10 * 60_000;

/** A picture or film, with links that are good. */
export function mediaQuery(id: string) {
  return queryOptions({
    queryKey: keys.media(id),
    queryFn: ({ signal }) => call(client.GET('/media/{media_id}', { params: { path: { media_id: id } }, signal })),
    staleTime: FRESH_MS,
  });
}

/** Uploads a picture or film; the API tells by its content what it is. */
export function uploadMedia(file: File, signal?: AbortSignal): Promise<Media> {
  return call(
    client.POST('/media', {
      // The document says `string` of a file, as OpenAPI has no other word for it.
      body: { file: '' },
      bodySerializer: () => {
        const form = new FormData();
        form.append('file', file);
        return form;
      },
      params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}

/** What was uploaded and is not wanted is not kept; if that fails, it is swept one day. */
export function discardMedia(id: string): void {
  call(client.DELETE('/media/{media_id}', { params: { path: { media_id: id } } })).catch(() => undefined);
}
