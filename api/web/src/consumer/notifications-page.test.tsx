import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { View } from '../api/client';
import { json, playApi } from '../test/answers';
import { show } from '../test/show';
import NotificationsPage from './notifications-page';
import { notificationPath } from './notifications/notification-path';

const offered: View<'NotificationView'> = {
  id: 'n-1',
  kind: 'offer',
  text: 'Curl & Co made you an offer.',
  request_id: 'r-1',
  offer_id: 'o-1',
  created_at: '2026-11-27T12:00:00Z',
};

it('marks as read what is opened, and leads to what it is about', async () => {
  const asked = playApi(() => json({ items: [offered], next_cursor: null }));
  show(<NotificationsPage />);
  await userEvent.click(await screen.findByRole('link', { name: /Curl & Co/ }));
  expect(await screen.findByText('At /requests/r-1')).toBeDefined();
  await waitFor(() => expect(asked).toContain('PUT /notifications/n-1/read'));
});

it.each([
  ['lead', { request_id: 'r-1' }, '/work/leads/r-1'],
  ['no_match', { request_id: 'r-1' }, '/requests/r-1'],
  ['offer_declined', { request_id: 'r-1', offer_id: 'o-1' }, '/work/offers'],
  ['review_due', { request_id: 'r-1', booking_id: 'b-1' }, '/bookings/b-1'],
  ['review_response', { review_id: 'v-1' }, null],
  ['enrollment_decided', { enrollment_id: 'e-1' }, '/enroll/e-1'],
] as const)('leads from %s to its page', (kind, about, path) => {
  const { id, text, created_at } = offered;
  expect(notificationPath({ id, text, created_at, kind, ...about })).toBe(path);
});
