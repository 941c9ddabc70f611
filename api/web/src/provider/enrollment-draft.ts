import { useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { ApiError } from '../api/errors';
import { keys } from '../api/keys';
import { useUploads } from '../media/use-uploads';
import type { Uploads } from '../media/use-uploads';
import { Autosave } from './autosave';
import type { AutosaveState } from './autosave';
import { enrollmentQuery, fillIn } from './enrollment';
import type { Enrollment, EnrollmentFields } from './enrollment';
import type { ErrorsAt } from './errors-at';

export interface EnrollmentDraft {
  /** As it is on the screen: saved or not. */
  fields: EnrollmentFields;
  change: (changes: EnrollmentFields) => void;
  /** Of photos; they go on whichever step is looked at. */
  uploads: Uploads;
  /** Saves at once; answers whether everything is saved. */
  flush: () => Promise<boolean>;
  discard: () => void;
  status: AutosaveState<EnrollmentFields>['status'];
  failure: unknown;
  errorsAt: ErrorsAt;
}

/** An enrollment that is saved as it is filled in. */
export function useEnrollmentDraft(enrollment: Enrollment): EnrollmentDraft {
  const queries = useQueryClient();
  const [autosave] = useState(
    () =>
      new Autosave<EnrollmentFields>(`proxie.enrollment.${enrollment.id}`, async (changes) => {
        queries.setQueryData(keys.enrollments.one(enrollment.id), await fillIn(enrollment.id, changes));
      }),
  );
  const { unsaved, status, failure } = useSyncExternalStore(autosave.subscribe, autosave.read);
  const uploads = useUploads(({ id }) => {
    // Whatever else changed while it was uploaded stays.
    const saved = queries.getQueryData(enrollmentQuery(enrollment.id).queryKey) ?? enrollment;
    const { portfolio } = { ...saved.fields, ...autosave.read().unsaved };
    autosave.change({ portfolio: [...(portfolio ?? []), { media_id: id }] });
  });
  const errors = failure instanceof ApiError ? failure.errors : [];
  return {
    fields: { ...enrollment.fields, ...unsaved },
    change: (changes) => autosave.change(changes),
    uploads,
    flush: () => autosave.flush(),
    discard: () => autosave.discard(),
    status,
    failure,
    errorsAt: (path) => ({ error: errors.find(({ pointer }) => pointer === `/body/${path}`)?.message ?? null }),
  };
}
