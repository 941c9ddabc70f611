import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeQueryClient } from '../api/queries';
import { enter } from '../api/session';
import { WhoProvider } from '../auth/who';
import { json, playApi, problem } from '../test/answers';
import DraftCard from './draft-card';
import { playedDraft } from './test/played';
import type { Draft } from './transcript';

const press = vi.fn<(kind: string) => void>();
const user = { id: 'u-1', role: 'consumer', name: 'Maya' } as const;

function show(draft: Draft, more: { isBusy?: boolean; isChanged?: boolean } = {}): void {
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <WhoProvider>
        <MemoryRouter>
          <DraftCard draft={draft} sessionId="s-1" isBusy={false} isChanged={false} onPress={press} {...more} />
        </MemoryRouter>
      </WhoProvider>
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  press.mockReset();
  playApi(({ url }) => {
    const signIn = { access_token: 'token', refresh_token: null, token_type: 'Bearer', expires_in: 900, user };
    if (url.endsWith('/auth/refresh')) return json(signIn);
    return url.endsWith('/auth/me') ? json(user) : problem(403, 'not_yours', 'This is not yours.');
  });
  enter({ access_token: 'token', refresh_token: null, token_type: 'Bearer', expires_in: 900, user });
});

it('shows what it holds, and does what is pressed', async () => {
  show(playedDraft());
  for (const fact of ['Haircut', 'Brooklyn', 'curly hair', 'up to $60', /Sat, Jul 5, 2031 – Sun, Jul 6, 2031/]) {
    expect(screen.getByText(fact)).toBeDefined();
  }
  await userEvent.click(await screen.findByRole('button', { name: 'Post request' }));
  await userEvent.click(screen.getByRole('button', { name: 'Change' }));
  await userEvent.click(screen.getByRole('button', { name: 'Drop' }));
  expect(press.mock.calls).toEqual([['approve'], ['edit'], ['cancel']]);
});

it('names what is missing, and cannot be approved before that is there', async () => {
  show(playedDraft({ missing: ['city', 'service_id'] }));
  expect(screen.getByText('where: the city, what is to be done')).toBeDefined();
  expect(await screen.findByRole('button', { name: 'Change' })).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Post request' })).toBeNull();
});

it('cannot be pressed while an answer is awaited', async () => {
  show(playedDraft(), { isBusy: true });
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Post request' })).disabled).toBe(true);
});

it('says that it has lapsed', () => {
  show(playedDraft({ expires_at: '2020-01-01T00:00:00Z' }));
  expect(screen.getByText('Lapsed')).toBeDefined();
  expect(screen.queryByRole('button')).toBeNull();
});

it('says that nothing was done when it had changed', () => {
  show(playedDraft(), { isChanged: true });
  expect(screen.getByRole('alert').textContent).toMatch(/nothing was done/);
});

describe('each kind', () => {
  const slot = { date: '2031-07-05', start_time: '14:00' };
  it.each<[Draft['kind'], Draft['fields'], string, string[]]>([
    ['request_cancellation', { request_id: 'r', reason: 'Moved away' }, 'Cancel request', ['Moved away']],
    [
      'offer',
      {
        request_id: 'r',
        service_id: 'haircut',
        price_cents: 6550,
        currency: 'USD',
        duration_minutes: 90,
        price_notes: 'With a wash',
        slots: [slot],
        message: 'I love curls',
      },
      'Send offer',
      ['$65.50', '1 h 30 min', 'With a wash', 'I love curls'],
    ],
    ['withdrawal', { offer_id: 'o', reason: 'Ill' }, 'Withdraw offer', ['Ill']],
    ['decline', { offer_id: 'o', reason: 'Too far' }, 'Decline offer', ['Too far']],
    [
      'acceptance',
      { offer_id: 'o', slot, address: '12 Bergen Street', instructions: 'Ring twice', needs_address: true },
      'Book it',
      ['12 Bergen Street', 'Ring twice'],
    ],
    [
      'booking_cancellation',
      { booking_id: 'b', reason: 'Ill', rebook: true },
      'Cancel booking',
      ['Ill', 'Look for somebody else'],
    ],
    ['reschedule', { booking_id: 'b', slot, note: 'Sorry' }, 'Propose time', ['Sorry']],
    ['reschedule_answer', { booking_id: 'b', slot, accept: false }, 'Answer', ['Keep the present time']],
    ['completion', { booking_id: 'b' }, 'Mark as done', []],
    ['no_show', { booking_id: 'b' }, 'Report it', []],
    [
      'review',
      { booking_id: 'b', rating: 5, quality: 4, text: 'Lovely' },
      'Post review',
      ['5 of 5', '4 of 5', 'Lovely'],
    ],
    ['review_response', { review_id: 'v', text: 'Thank you!' }, 'Post answer', ['Thank you!']],
    [
      'availability',
      {
        provider_id: 'p',
        zone: 'America/New_York',
        weekly: { monday: [{ start: '09:00', end: '17:30' }] },
        buffer_minutes: 15,
        notice_minutes: 120,
        max_per_day: 6,
      },
      'Change hours',
      ['09:00–17:30', '15 min', '2 h', '6', 'America/New_York'],
    ],
  ])('is readable: %s', async (kind, fields, approve, facts) => {
    show(playedDraft({ kind, fields }));
    expect(await screen.findByRole('button', { name: approve })).toBeDefined();
    for (const fact of facts) expect(screen.getByText(fact)).toBeDefined();
  });
});
