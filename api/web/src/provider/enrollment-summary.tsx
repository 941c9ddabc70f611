import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { useWho } from '../auth/who';
import { useService } from '../catalog/catalog';
import { hoursWords, weekdays } from '../providers/availability';
import { wordsOf } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Fact, Facts } from '../ui/facts';
import { Form } from '../ui/form';
import { formatMoneyRange } from '../ui/money';
import { Notice } from '../ui/notice';
import { stepLabels, stepOf } from './enrollment';
import type { Enrollment, EnrollmentFields } from './enrollment';
import type { EnrollmentDraft } from './enrollment-draft';
import type { ServiceValues } from './service-fields';

/** What is missing, what was said, and sending it in: the last step. */
export function EnrollmentSubmit({ enrollment, draft }: { enrollment: Enrollment; draft: EnrollmentDraft }) {
  const queries = useQueryClient();
  const { reload } = useWho();
  const { id } = enrollment;
  const submit = useMutation({
    mutationFn: async () => {
      if (!(await draft.flush())) return null;
      return call(client.POST('/enrollment/{enrollment_id}/submit', { params: { path: { enrollment_id: id } } }));
    },
    onSuccess: async (submitted) => {
      if (submitted === null) return;
      queries.setQueryData(keys.enrollments.one(id), submitted);
      await queries.invalidateQueries({ queryKey: keys.enrollments.mine });
      if (submitted.status === 'verified') await reload();
    },
    // What is missing may not be what this page has.
    onError: () => queries.invalidateQueries({ queryKey: keys.enrollments.one(id) }),
  });
  const isRejected = enrollment.status === 'rejected';
  return (
    <div className="grid gap-4">
      {enrollment.missing.length > 0 && <Missing enrollment={enrollment} />}
      <EnrollmentSummary fields={draft.fields} />
      <Form onSubmit={() => submit.mutate()} failure={submit.error}>
        {isRejected && <p className="text-muted">Change something first: it was sent back as it is.</p>}
        {draft.status === 'failed' && (
          <Notice tone="warn">Not everything is saved yet: see above. It can be sent in once it is.</Notice>
        )}
        <Button
          type="submit"
          className="justify-self-start"
          busy={submit.isPending}
          disabled={enrollment.missing.length > 0 || isRejected}
        >
          Send it in
        </Button>
      </Form>
    </div>
  );
}

function Missing({ enrollment }: { enrollment: Enrollment }) {
  return (
    <Notice tone="warn">
      <p className="font-medium">Still missing:</p>
      <ul className="mt-1 list-disc pl-5">
        {enrollment.missing.map(({ pointer, message }) => (
          <li key={pointer + message}>
            {message}{' '}
            <Link to={`?step=${stepOf(pointer)}`} className="underline">
              {stepLabels[stepOf(pointer)]}
            </Link>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** What was said, to read. */
export function EnrollmentSummary({ fields }: { fields: EnrollmentFields }) {
  const { availability } = fields;
  const openDays = weekdays.filter((day) => (availability?.weekly[day] ?? []).length > 0);
  return (
    <Card>
      <Facts layout={1}>
        <Fact name="Business">{fields.business_name}</Fact>
        <Fact name="In one line">{fields.headline}</Fact>
        <Fact name="Where">{fields.city}</Fact>
        <Fact name="Services">
          {fields.services?.map((service) => (
            <OfferedService key={service.service_id} offered={service} />
          ))}
        </Fact>
        <Fact name="Hours">
          {openDays.map((day) => (
            <span key={day} className="block">
              {wordsOf(day)} {hoursWords(availability?.weekly[day])}
            </span>
          ))}
        </Fact>
        <Fact name="Photos">{String(fields.portfolio?.length ?? 0)}</Fact>
      </Facts>
    </Card>
  );
}

function OfferedService({ offered }: { offered: ServiceValues }) {
  const service = useService(offered.service_id);
  const currency = offered.currency ?? service?.price.currency ?? 'USD';
  const price = formatMoneyRange(offered.price_min_cents, offered.price_max_cents, currency);
  return (
    <span className="block">
      {service?.name ?? offered.service_id}
      <span className="text-muted">
        {price !== null && ` · ${price}`}
        {offered.licence_number != null && ` · licence ${offered.licence_number}`}
      </span>
    </span>
  );
}
