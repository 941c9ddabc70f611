import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import { bodyOf } from '../test/body-of';
import { visit } from '../test/visit';
import { Panel } from '../ui/panel';
import { Reviews } from './reviews';

const review = {
  id: 'r-1',
  provider_id: 'p-1',
  author: 'Maya',
  rating: 5,
  text: 'Lovely curls.',
  breakdown: {},
  created_at: '2031-05-04T16:20:00Z',
  responded_at: null,
  response: null as string | null,
};

function Page() {
  return (
    <Panel>
      <Reviews providerId="p-1" />
    </Panel>
  );
}

/** Plays reviews of which there is one; `put` answers the response to it. */
function play(put: (text: string) => Response) {
  let response: string | null = null;
  return {
    answeredElsewhere: (text: string) => (response = text),
    asked: playApi(async (request) => {
      if (request.method === 'PUT') {
        const { text } = await bodyOf(request);
        const answer = put(String(text));
        if (answer.ok) response = String(text);
        return answer;
      }
      return json({ items: [{ ...review, response }], next_cursor: null, aggregate: null });
    }),
  };
}

it('answers a review once', async () => {
  const { asked } = play((text) => json({ ...review, response: text }));
  visit(Page, '/', '/');
  await userEvent.click(await screen.findByRole('button', { name: 'Answer' }));
  await userEvent.type(screen.getByLabelText('Your answer'), 'Thank you!');
  await userEvent.click(screen.getByRole('button', { name: 'Send answer' }));
  expect(await screen.findByText('Thank you!', { selector: 'p' })).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Answer' })).toBeNull();
  expect(screen.queryByLabelText('Your answer')).toBeNull();
  expect(asked.filter((one) => one === 'PUT /reviews/r-1/response').length).toBe(1);
});

it('keeps the answer that could not be sent', async () => {
  play(() => problem(503, 'unavailable', 'Back in a minute.'));
  visit(Page, '/', '/');
  await userEvent.click(await screen.findByRole('button', { name: 'Answer' }));
  await userEvent.type(screen.getByLabelText('Your answer'), 'Thank you!');
  await userEvent.click(screen.getByRole('button', { name: 'Send answer' }));
  expect(await screen.findByText('Back in a minute.')).toBeDefined();
  expect(screen.getByLabelText<HTMLTextAreaElement>('Your answer').value).toBe('Thank you!');
});

it('shows the answer that was given elsewhere in the meantime', async () => {
  const played = play(() => problem(409, 'illegal_move', 'This review was answered before.'));
  visit(Page, '/', '/');
  await userEvent.click(await screen.findByRole('button', { name: 'Answer' }));
  await userEvent.type(screen.getByLabelText('Your answer'), 'Thank you!');
  played.answeredElsewhere('Thanks, Maya.');
  await userEvent.click(screen.getByRole('button', { name: 'Send answer' }));
  expect(await screen.findByText('Thanks, Maya.')).toBeDefined();
});
