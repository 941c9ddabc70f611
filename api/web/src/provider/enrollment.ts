import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { hasCode } from '../api/errors';
import { keys } from '../api/keys';

export type Enrollment = View<'EnrollmentView'>;

/** What is filled in: what is not said is absent. */
export type EnrollmentFields = Partial<View<'EnrollmentFields'>>;

const steps = ['about', 'services', 'hours', 'portfolio', 'summary'] as const;

/** The parts of the form, in their order. */
export type Step = (typeof steps)[number];

export const stepLabels: Record<Step, string> = {
  about: 'Your business',
  services: 'Services',
  hours: 'Hours',
  portfolio: 'Photos',
  summary: 'Send it in',
};

export const allSteps: readonly Step[] = steps;

/** The caller's own enrollment; null if there is none. */
export const ownEnrollmentQuery = queryOptions({
  queryKey: keys.enrollments.mine,
  queryFn: async ({ signal }) => {
    try {
      return await call(client.GET('/enrollment/mine', { signal }));
    } catch (error) {
      if (hasCode(error, 'not_yours')) return null;
      throw error;
    }
  },
});

export function enrollmentQuery(id: string) {
  return queryOptions({
    queryKey: keys.enrollments.one(id),
    queryFn: ({ signal }) =>
      call(client.GET('/enrollment/{enrollment_id}', { params: { path: { enrollment_id: id } }, signal })),
    // An admin decides while it is looked at.
    refetchInterval: ({ state }) => (state.data?.status === 'pending_verification' ? 30_000 : false),
  });
}

/** Replaces some fields. */
export function fillIn(id: string, changes: EnrollmentFields): Promise<Enrollment> {
  return call(
    client.PATCH('/enrollment/{enrollment_id}', {
      params: { path: { enrollment_id: id } },
      // Fields have defaults in the document, which its types take for "must be there"; what is left out stays.
      // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
      body: changes as View<'EnrollmentFields'>,
    }),
  );
}

/** Where what is missing or wrong is filled in, by its pointer. */
export function stepOf(pointer: string): Step {
  const [field] = pointer
    .replace(/^\/body/, '')
    .split('/')
    .slice(1);
  if (field === 'services' || field === 'portfolio') return field;
  return field === 'availability' ? 'hours' : 'about';
}
