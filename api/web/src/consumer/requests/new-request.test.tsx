import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { json, playApi, problem } from '../../test/answers';
import { catalog, profile, request } from '../../test/examples';
import { show } from '../../test/show';
import { NewRequest } from './new-request';

interface Sent {
  body: unknown;
  key: string | null;
}

let sent: Sent[] = [];

function playPosting(...answers: Response[]) {
  playApi(async (asked) => {
    const { pathname } = new URL(asked.url);
    if (pathname === '/services/catalog/full') return json(catalog);
    if (pathname === '/consumers/me/profile') return json(profile);
    if (pathname !== '/requests' || asked.method !== 'POST') return json({ items: [], next_cursor: null });
    sent.push({ body: await asked.json(), key: asked.headers.get('idempotency-key') });
    return answers.shift() ?? json(request, 201);
  });
}

async function fillIn() {
  await userEvent.selectOptions(await screen.findByLabelText('Service'), 'Haircut');
  await userEvent.type(screen.getByLabelText('What do you need?'), 'A cut for curls');
  await userEvent.type(screen.getByLabelText('At most'), '60');
  await userEvent.click(screen.getByRole('button', { name: 'curly hair' }));
}

const body = {
  service_id: 'haircut',
  city: 'Brooklyn',
  place: null,
  window: null,
  urgency: 'flexible',
  budget: { min_cents: null, max_cents: 6000, currency: 'USD' },
  description: 'A cut for curls',
  specializations: ['curly hair'],
  media: [],
};

beforeEach(() => {
  sent = [];
});

it('asks before it posts one like a live one, and then posts it all the same', async () => {
  playPosting(problem(409, 'duplicate_request', 'Send allow_duplicate: true to post another.'));
  show(<NewRequest />);
  await fillIn();
  await userEvent.click(screen.getByRole('button', { name: 'Post request' }));

  expect((await screen.findByRole('alert')).textContent).toContain('live request for the same service');
  expect(screen.queryByText(/allow_duplicate/)).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Post it all the same' }));

  expect(await screen.findByText('At /requests/r-1')).toBeDefined();
  expect(sent.map((one) => one.body)).toEqual([body, { ...body, allow_duplicate: true }]);
  expect(sent[0]?.key).not.toBe(sent[1]?.key);
});

it('explains that there are too many, and still has what was typed after a reload', async () => {
  playPosting(problem(409, 'too_many_live', 'You have ten live requests already.'));
  const { unmount } = show(<NewRequest />);
  await fillIn();
  await userEvent.click(screen.getByRole('button', { name: 'Post request' }));
  expect(await screen.findByText('You have ten live requests already.')).toBeDefined();
  expect(screen.getByRole('link', { name: 'among your requests' })).toBeDefined();

  unmount();
  show(<NewRequest />);
  expect((await screen.findByLabelText<HTMLTextAreaElement>('What do you need?')).value).toBe('A cut for curls');
  expect(screen.getByLabelText<HTMLInputElement>('At most').value).toBe('60');

  await userEvent.click(screen.getByRole('button', { name: 'Post request' }));
  expect(await screen.findByText('At /requests/r-1')).toBeDefined();
  expect(Object.keys(localStorage).filter((key) => key.startsWith('proxie.typed'))).toEqual([]);
});
