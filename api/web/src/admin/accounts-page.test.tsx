import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import { visit } from '../test/visit';
import AccountsPage from './accounts-page';

const account = {
  id: 'u-1',
  name: 'Maya',
  email: 'maya@example.com',
  status: 'active',
  created_at: '2026-11-01T00:00:00Z',
};
const profile = {
  id: 'p-1',
  name: 'Rivera Plumbing',
  status: 'active',
  city: 'Queens',
  completed_jobs: 3,
  late_cancellations: 0,
};
const services = {
  items: [
    { service_id: 'haircut', licence: 'not_needed' },
    {
      service_id: 'pipe_repair',
      licence: 'pending_verification',
      licence_details: { number: 'NYC-LMP-1234', expires_on: null, note: null },
    },
  ],
};

let put: { path: string; body: unknown }[];
let answers: Response[];

beforeEach(() => {
  put = [];
  answers = [];
  playApi(async (request) => {
    const path = new URL(request.url).pathname;
    if (request.method === 'PUT') {
      put.push({ path, body: await request.json() });
      return answers.shift() ?? json({ ...account, role: 'admin', licence: 'verified' });
    }
    if (path === '/services/catalog/full') return json({ items: [] });
    if (path.startsWith('/consumers/')) return json({ user_id: 'u-1', name: 'Maya' });
    return json(path.endsWith('/services') ? services : profile);
  });
});

const open = (address: string) => visit(AccountsPage, '/admin/accounts', address);
const dialog = async () => within(await screen.findByRole('dialog'));

it('finds an account by its id, which is then in the address', async () => {
  const address = open('/admin/accounts');
  await userEvent.type(screen.getByLabelText('User id'), ' u-1 {Enter}');
  await screen.findByRole('heading', { name: 'Maya' });
  expect(address()).toBe('/admin/accounts?user=u-1');
});

it('gives another role after a confirmation, and says how the account stands then', async () => {
  open('/admin/accounts?user=u-1');
  await userEvent.selectOptions(await screen.findByLabelText('New role'), 'Admin');
  await userEvent.click(screen.getByRole('button', { name: 'Change role' }));
  await dialog();
  expect(put).toEqual([]);
  await userEvent.click((await dialog()).getByRole('button', { name: 'Change role' }));
  await screen.findByText('maya@example.com');
  expect(put).toEqual([{ path: '/admin/users/u-1/role', body: { role: 'admin' } }]);
});

it('suspends a provider with a note that survives a failure', async () => {
  answers = [problem(503, 'unavailable', 'Not now, please.')];
  open('/admin/accounts?provider=p-1');
  await userEvent.click(await screen.findByRole('button', { name: 'Suspend' }));
  await userEvent.type(await screen.findByLabelText('Why'), 'Two were never visited.');
  await userEvent.click((await dialog()).getByRole('button', { name: 'Suspend' }));
  await screen.findByText('Not now, please.');
  expect(screen.getByLabelText<HTMLTextAreaElement>('Why').value).toBe('Two were never visited.');

  await userEvent.click((await dialog()).getByRole('button', { name: 'Suspend' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const said = { path: '/admin/providers/p-1/status', body: { status: 'suspended', note: 'Two were never visited.' } };
  expect(put).toEqual([said, said]);
});

it('approves a licence with the number and last day that were seen', async () => {
  open('/admin/accounts?provider=p-1');
  await userEvent.click(await screen.findByRole('button', { name: 'Approve the licence for Pipe repair' }));
  expect((await screen.findByLabelText<HTMLInputElement>('Licence number')).value).toBe('NYC-LMP-1234');
  fireEvent.change(screen.getByLabelText('Last day'), { target: { value: '2028-06-30' } });
  await userEvent.click((await dialog()).getByRole('button', { name: 'Approve' }));
  await screen.findByText('Pipe repair: the licence is in order.');
  expect(put).toEqual([
    {
      path: '/admin/providers/p-1/services/pipe_repair/verify',
      body: { approved: true, licence_number: 'NYC-LMP-1234', licence_expires_on: '2028-06-30' },
    },
  ]);
});
