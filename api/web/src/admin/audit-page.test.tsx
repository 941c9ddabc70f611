import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { json, playApi } from '../test/answers';
import { visit } from '../test/visit';
import AuditPage from './audit-page';

const entry = (id: string, action: string, more: object = {}) => ({
  id,
  action,
  admin_id: 'admin-1',
  object_id: `object-${id}`,
  owner_id: 'owner-1',
  note: {},
  created_at: '2026-11-20T10:00:00Z',
  ...more,
});
const items = [
  entry('1', 'task.cancel'),
  entry('2', 'user.role', { object_id: 'maya-1', owner_id: 'maya-1', note: { from: 'consumer', to: 'admin' } }),
  entry('3', 'providers.import', { admin_id: null, owner_id: null }),
  entry('4', 'provider.status', { note: { from: 'active', to: 'suspended' } }),
];

beforeEach(() => {
  playApi(() => json({ items, next_cursor: null }));
});

const actions = async () => {
  await screen.findByRole('list', { name: 'Moves' });
  return screen.getAllByText(/^[a-z]+\.[a-z]+$/).map((action) => action.textContent);
};

it('reads its filters from the address', async () => {
  visit(AuditPage, '/admin/audit', '/admin/audit?noun=provider');
  expect(await actions()).toEqual(['provider.status']);
  expect(screen.getByText('suspended')).toBeDefined();
});

it('finds whom a move was made by or on, and keeps that in the address', async () => {
  const address = visit(AuditPage, '/admin/audit', '/admin/audit');
  expect(await actions()).toHaveLength(4);
  await userEvent.type(screen.getByLabelText('Id'), 'MAYA{Enter}');
  await waitFor(async () => expect(await actions()).toEqual(['user.role']));
  expect(screen.getByRole('link', { name: 'maya-1' }).getAttribute('href')).toBe('/admin/accounts?user=maya-1');
  expect(address()).toBe('/admin/audit?who=MAYA');
});

it('names an operator where there is no admin', async () => {
  visit(AuditPage, '/admin/audit', '/admin/audit?noun=providers');
  expect(await actions()).toEqual(['providers.import']);
  expect(screen.getByText('An operator, on the command line')).toBeDefined();
});
