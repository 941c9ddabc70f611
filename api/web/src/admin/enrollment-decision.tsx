import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { Button } from '../ui/button';
import { ConfirmDialog, Dialog } from '../ui/dialog';
import { TextArea } from '../ui/fields';
import { Form } from '../ui/form';
import { toast } from '../ui/toast';

interface EnrollmentDecisionProps {
  enrollment: View<'EnrollmentView'>;
  name: string;
}

/** Makes somebody a provider, or sends their enrollment back with reasons. */
export function EnrollmentDecision({ enrollment, name }: EnrollmentDecisionProps) {
  const [asked, setAsked] = useState<'approve' | 'reject' | null>(null);
  // Kept here, so that closing the dialog to look at a photo again does not lose it.
  const [reasons, setReasons] = useState('');
  const queries = useQueryClient();
  const params = { path: { enrollment_id: enrollment.id } };
  const close = () => setAsked(null);

  const done = async (said: string) => {
    toast(said);
    await queries.invalidateQueries({ queryKey: keys.enrollments.all });
  };
  const approve = useMutation({
    mutationFn: () => call(client.POST('/enrollment/{enrollment_id}/approve', { params })),
    onSuccess: () => done(`${name} is a provider now.`),
  });
  const reject = useMutation({
    mutationFn: (body: View<'RejectBody'>) => call(client.POST('/enrollment/{enrollment_id}/reject', { params, body })),
    onSuccess: async () => {
      close();
      await done(`${name} was sent back.`);
    },
  });

  return (
    <div className="flex flex-wrap gap-2">
      <Button icon="check" onClick={() => setAsked('approve')}>
        Approve
      </Button>
      <Button look="danger" onClick={() => setAsked('reject')}>
        Send back
      </Button>
      <ConfirmDialog
        open={asked === 'approve'}
        onClose={close}
        title={`Approve ${name}?`}
        description="They become a provider, their licences count as seen and in order, and requests reach them at once."
        confirm="Approve"
        onConfirm={() => approve.mutateAsync()}
      />
      <Dialog
        open={asked === 'reject'}
        onClose={close}
        title={`Send ${name} back`}
        description="They read your reasons as you write them, can put right what is wrong, and hand it in again."
      >
        <Form failure={reject.error} onSubmit={() => reject.mutate({ reasons: linesOf(reasons) })}>
          <TextArea
            label="Reasons"
            hint="One a line, in whole sentences."
            pointer="/body/reasons"
            required
            rows={4}
            value={reasons}
            onChange={setReasons}
          />
          <Button type="submit" look="danger" className="justify-self-end" busy={reject.isPending}>
            Send back
          </Button>
        </Form>
      </Dialog>
    </div>
  );
}

/** Each line that says something. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
