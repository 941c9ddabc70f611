import { Button, IconButton, Spinner } from '../ui/button';
import type { Uploads } from './use-uploads';

/** What is being uploaded, and what failed: to be tried again or left out. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  return (
    <ul aria-live="polite" className="grid gap-2 empty:hidden">
      {uploads.items.map(({ id, name, failure }) => (
        <li key={id} className="flex flex-wrap items-center gap-2 rounded-control bg-sunken py-0.5 pr-0.5 pl-3">
          {failure === null && (
            <>
              <Spinner />
              <span className="sr-only">Uploading</span>
            </>
          )}
          <span className="min-w-0 grow truncate">{name}</span>
          {failure !== null && (
            <>
              <span className="text-sm text-bad">{failure}</span>
              <Button look="plain" size="small" icon="refresh" onClick={() => uploads.retry(id)}>
                Try again
              </Button>
            </>
          )}
          <IconButton name="close" label={`Leave out ${name}`} onClick={() => uploads.remove(id)} />
        </li>
      ))}
    </ul>
  );
}
