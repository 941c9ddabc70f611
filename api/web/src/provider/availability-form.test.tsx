import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import { visit } from '../test/visit';
import { Panel } from '../ui/panel';
import { AvailabilityForm } from './availability-form';

const saved = {
  zone: 'America/New_York',
  weekly: { monday: [{ start: '09:00', end: '17:00' }] },
  exceptions: [],
  notice_minutes: 120,
  max_per_day: null,
  buffer_minutes: 0,
};

function Form() {
  return (
    <Panel>
      <AvailabilityForm providerId="p-1" />
    </Panel>
  );
}

function play(put: () => Response = () => json(saved)) {
  const bodies: unknown[] = [];
  playApi(async (request) => {
    if (request.method === 'GET') return json(saved);
    bodies.push(await request.json());
    return put();
  });
  visit(Form, '/', '/');
  return bodies;
}

const save = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Save' });

async function write(label: string, time: string) {
  const field = screen.getByLabelText(label);
  await userEvent.clear(field);
  await userEvent.type(field, time);
}

it('does not save hours that end before they begin, and says so there', async () => {
  play();
  await screen.findByLabelText('Monday, from');
  await write('Monday, to', '08:00');
  expect(screen.getByLabelText('Monday, to').getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByText(/The end must be after the start/)).toBeDefined();
  expect(save().disabled).toBe(true);

  // Midnight at the end of the day is right.
  await write('Monday, to', '00:00');
  expect(screen.getByLabelText('Monday, to').getAttribute('aria-invalid')).toBe('false');
  expect(save().disabled).toBe(false);
});

it('does not save hours that overlap', async () => {
  play();
  await screen.findByLabelText('Monday, from');
  await userEvent.click(screen.getByRole('button', { name: /^Add hours\s*on Monday$/ }));
  expect(save().disabled).toBe(false);
  await write('Monday 2, from', '16:00');
  expect(screen.getByText('These hours overlap with others of the day.')).toBeDefined();
  expect(save().disabled).toBe(true);
});

it('does not save a date twice', async () => {
  play();
  await screen.findByLabelText('Monday, from');
  await userEvent.click(screen.getByRole('button', { name: 'Add a date' }));
  await userEvent.click(screen.getByRole('button', { name: 'Add a date' }));
  expect(screen.getAllByText('Say a date.').length).toBe(2);
  for (const date of screen.getAllByLabelText('Date')) await userEvent.type(date, '2031-12-24');
  expect(screen.getAllByText('There is an exception for this date already.').length).toBe(1);
  expect(save().disabled).toBe(true);
});

it('keeps the hours when the API refuses them, and says where', async () => {
  const errors = [{ pointer: '/body/weekly/monday/0/start', message: 'Too early for us.' }];
  const bodies = play(() => problem(422, 'invalid', 'One thing is wrong.', { errors }));
  await screen.findByLabelText('Monday, from');
  await write('Monday, from', '03:00');
  await userEvent.click(save());
  expect(await screen.findByText('Too early for us.')).toBeDefined();
  expect(screen.getByLabelText<HTMLInputElement>('Monday, from').value).toBe('03:00');
  expect(bodies).toEqual([{ ...saved, weekly: { monday: [{ start: '03:00', end: '17:00' }] } }]);
});
