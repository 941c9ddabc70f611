import { lazy } from 'react';
import type { ComponentType } from 'react';

/** Code did not come: offline, or a newer version was published. A browser does not ask for it again, only a new page does. */
export class CodeLoadError extends Error {
  override name = 'CodeLoadError';
}

/** A component whose code is loaded when it is first shown. */
export function late<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(() =>
    load().catch((cause: unknown) => Promise.reject(new CodeLoadError('The code was not loaded.', { cause }))),
  );
}
