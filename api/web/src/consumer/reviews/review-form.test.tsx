import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { json, playApi, problem } from '../../test/answers';
import { booking } from '../../test/examples';
import { show } from '../../test/show';
import { ReviewForm } from './review-form';

it('keeps stars and text when the API refuses, says at which field, and sends the same again', async () => {
  const sent: { body: unknown; key: string | null }[] = [];
  const errors = [{ pointer: '/body/text', message: 'Leave out the phone number.' }];
  const answers = [problem(422, 'invalid', 'That cannot be taken.', { errors }), problem(503, 'unavailable', 'Later.')];
  playApi(async (asked) => {
    if (new URL(asked.url).pathname !== '/reviews') return json({});
    sent.push({ body: await asked.json(), key: asked.headers.get('idempotency-key') });
    return answers.shift() ?? json({ id: 'v-1', rating: 4, breakdown: {}, text: '', provider_id: 'p-1' }, 201);
  });
  show(<ReviewForm booking={booking} />);

  const [overall, quality] = await screen.findAllByRole('radio', { name: '4 stars' });
  if (overall === undefined || quality === undefined) throw new Error('There are no stars.');
  await userEvent.click(overall);
  await userEvent.click(quality);
  await userEvent.type(screen.getByRole('textbox'), 'Lovely curls');
  await userEvent.click(screen.getByRole('button', { name: 'Post review' }));

  expect(await screen.findByText('Leave out the phone number.')).toBeDefined();
  expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('Lovely curls');
  expect(document.activeElement).toBe(screen.getByRole('textbox'));
  expect(screen.getAllByRole<HTMLInputElement>('radio', { checked: true })).toHaveLength(2);

  await userEvent.click(screen.getByRole('button', { name: 'Post review' }));
  expect(await screen.findByText('Later.')).toBeDefined();
  expect(sent[1]?.body).toEqual({ booking_id: 'b-1', rating: 4, breakdown: { quality: 4 }, text: 'Lovely curls' });
  expect(sent[1]?.key).toBe(sent[0]?.key);
});
