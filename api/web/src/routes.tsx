import type { ComponentType } from 'react';
import { createBrowserRouter } from 'react-router';
import type { Access } from './auth/access';
import { begunBeforeReload } from './chat/begun';
import { Layout } from './shell/layout';
import { pageRoute } from './shell/page-route';

export interface PageEntry {
  /** Usually one; several if one page, with all that is on it, stays while the address changes among them. */
  paths: readonly string[];
  access: Access;
  load: () => Promise<{ default: ComponentType }>;
}

/** Every page: where it is, for whom, and its code, which is loaded when somebody goes there. */
const pages: readonly PageEntry[] = [
  { paths: ['/', '/chat/:sessionId'], access: 'anyone', load: () => import('./chat/chat-page') },
  { paths: ['/chats'], access: 'anyone', load: () => import('./chat/sessions-page') },

  { paths: ['/requests'], access: 'signed-in', load: () => import('./consumer/requests-page') },
  { paths: ['/requests/:id'], access: 'signed-in', load: () => import('./consumer/request-page') },
  { paths: ['/bookings'], access: 'signed-in', load: () => import('./consumer/bookings-page') },
  { paths: ['/bookings/:id'], access: 'signed-in', load: () => import('./consumer/booking-page') },
  { paths: ['/providers'], access: 'anyone', load: () => import('./consumer/providers-page') },
  { paths: ['/providers/:id'], access: 'anyone', load: () => import('./consumer/provider-page') },
  { paths: ['/profile'], access: 'signed-in', load: () => import('./consumer/profile-page') },
  { paths: ['/notifications'], access: 'signed-in', load: () => import('./consumer/notifications-page') },

  { paths: ['/enroll'], access: 'signed-in', load: () => import('./provider/enroll-page') },
  { paths: ['/enroll/:id'], access: 'signed-in', load: () => import('./provider/enrollment-page') },
  { paths: ['/work'], access: 'provider', load: () => import('./provider/leads-page') },
  { paths: ['/work/leads/:requestId'], access: 'provider', load: () => import('./provider/lead-page') },
  { paths: ['/work/offers'], access: 'provider', load: () => import('./provider/offers-page') },
  { paths: ['/work/bookings'], access: 'provider', load: () => import('./provider/bookings-page') },
  { paths: ['/work/calendar'], access: 'provider', load: () => import('./provider/calendar-page') },
  { paths: ['/work/services'], access: 'provider', load: () => import('./provider/services-page') },
  { paths: ['/work/portfolio'], access: 'provider', load: () => import('./provider/portfolio-page') },
  { paths: ['/work/profile'], access: 'provider', load: () => import('./provider/profile-page') },
  { paths: ['/work/numbers'], access: 'provider', load: () => import('./provider/numbers-page') },

  { paths: ['/admin/enrollments'], access: 'admin', load: () => import('./admin/enrollments-page') },
  { paths: ['/admin/tasks'], access: 'admin', load: () => import('./admin/tasks-page') },
  { paths: ['/admin/tasks/:id'], access: 'admin', load: () => import('./admin/task-page') },
  { paths: ['/admin/spend'], access: 'admin', load: () => import('./admin/spend-page') },
  { paths: ['/admin/audit'], access: 'admin', load: () => import('./admin/audit-page') },
  { paths: ['/admin/accounts'], access: 'admin', load: () => import('./admin/accounts-page') },

  { paths: ['/sign-in'], access: 'anyone', load: () => import('./auth/sign-in-page') },
  { paths: ['/sign-up'], access: 'anyone', load: () => import('./auth/sign-up-page') },
  { paths: ['*'], access: 'anyone', load: () => import('./shell/not-found-page') },
];

export function makeRouter() {
  const basename = import.meta.env.BASE_URL;
  const begun = location.pathname === basename ? begunBeforeReload() : null;
  if (begun !== null) history.replaceState(null, '', `${basename}chat/${begun}`);
  return createBrowserRouter([{ element: <Layout />, children: pages.flatMap(pageRoute) }], { basename });
}
