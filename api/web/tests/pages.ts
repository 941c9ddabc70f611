import type { Scene } from './scene';

export const roles = ['guest', 'consumer', 'provider', 'admin'] as const;
export type Role = (typeof roles)[number];

/** A part of a page that loads by itself. */
export interface FedPanel {
  name: string;
  /** The path of the call that feeds it. */
  fedBy: RegExp;
  /** All of the page hangs on it. */
  isWhole?: boolean;
  /** There is no room for it on phones. */
  isWide?: boolean;
}

export interface PageToVisit {
  role: Role;
  address: (scene: Scene) => string;
  title: string | RegExp;
  panels: readonly FedPanel[];
}

const page = (
  role: Role,
  address: string | ((scene: Scene) => string),
  title: string | RegExp,
  ...panels: FedPanel[]
): PageToVisit => ({ role, address: typeof address === 'string' ? () => address : address, title, panels });

const conversations: FedPanel = { name: 'conversations', fedBy: /^\/chat\/sessions$/ };
const catalog: FedPanel = { name: 'the catalog', fedBy: /^\/services\/catalog\/full$/ };
const services: FedPanel = { name: 'services', fedBy: /^\/providers\/[^/]+\/services$/ };
const portfolio: FedPanel = { name: 'the portfolio', fedBy: /^\/providers\/[^/]+\/portfolio$/ };
const freeTimes: FedPanel = { name: 'free times', fedBy: /^\/providers\/[^/]+\/slots$/ };
const hours: FedPanel = { name: 'hours', fedBy: /^\/providers\/[^/]+\/availability$/ };
const templates: FedPanel = { name: 'templates', fedBy: /^\/providers\/[^/]+\/templates$/ };
const reviews: FedPanel = { name: 'reviews', fedBy: /^\/reviews\/provider\/[^/]+$/ };
const consumerProfile: FedPanel = { name: 'what is known of the consumer', fedBy: /^\/consumers\/me\/profile$/ };
/** Of the caller's provider: whichever part of a page asks for it. */
const ownProvider: FedPanel = { name: 'whose provider it is', fedBy: /^\/auth\/me\/export$/ };

/** Every page of the client, as somebody who may see it, with all that can fail on it alone. */
export const pages: readonly PageToVisit[] = [
  page('guest', '/', 'New conversation', { ...conversations, isWide: true }),
  page('guest', '/chats', 'Conversations', conversations),
  page('guest', '/providers', 'Find providers', catalog, { name: 'providers', fedBy: /^\/providers$/ }),
  page(
    'guest',
    ({ provider }) => `/providers/${provider.providerId}`,
    /^Curls /,
    { name: 'the profile', fedBy: /^\/providers\/[^/]+\/profile$/, isWhole: true },
    services,
    freeTimes,
    portfolio,
    reviews,
  ),
  page('guest', '/sign-in', 'Sign in'),
  page('guest', '/sign-up', 'Create an account'),
  page('guest', '/requests', 'Sign in to see this page'),
  page('guest', '/nowhere', 'Nothing is here'),

  page(
    'consumer',
    ({ sessionId }) => `/chat/${sessionId}`,
    /./,
    { ...conversations, isWide: true },
    { name: 'what the last answer offers', fedBy: /^\/chat\/status\/[^/]+$/ },
  ),
  page('consumer', '/requests', 'Your requests', { name: 'requests', fedBy: /^\/consumers\/me\/requests$/ }),
  page('consumer', '/requests?tab=all', 'Your requests', { name: 'all requests', fedBy: /^\/requests$/ }),
  page('consumer', '/requests?new=1', 'New request', catalog, consumerProfile),
  page(
    'consumer',
    ({ requestId }) => `/requests/${requestId}`,
    /^Haircut in /,
    { name: 'the request', fedBy: /^\/requests\/[^/]+$/, isWhole: true },
    { name: 'its offers', fedBy: /^\/requests\/[^/]+\/offers$/ },
    { name: 'who was asked', fedBy: /^\/requests\/[^/]+\/matches$/ },
  ),
  page('consumer', ({ leadId }) => `/requests/${leadId}?edit=1`, /^Haircut in /, catalog),
  page('consumer', '/bookings', 'Bookings', { name: 'bookings', fedBy: /^\/bookings$/ }),
  page('consumer', ({ bookingId }) => `/bookings/${bookingId}`, /^Haircut with /, {
    name: 'the booking',
    fedBy: /^\/bookings\/[^/]+$/,
    isWhole: true,
  }),
  page('consumer', '/profile', 'You and your account', consumerProfile),
  page('consumer', '/profile?tab=memory', 'You and your account', {
    name: 'what is remembered',
    fedBy: /^\/consumers\/me\/memory$/,
  }),
  page('consumer', '/profile?tab=account', 'You and your account', { name: 'the account', fedBy: /^\/auth\/me$/ }),
  page('consumer', '/profile?tab=usage', 'You and your account', { name: 'usage', fedBy: /^\/usage\/me$/ }),
  page('consumer', '/notifications', 'Notifications', { name: 'notifications', fedBy: /^\/notifications$/ }),
  page('consumer', '/enroll', 'Offer your services', { name: 'the enrollment', fedBy: /^\/enrollment\/mine$/ }),
  page('consumer', ({ enrollmentId }) => `/enroll/${enrollmentId}`, 'Become a provider', {
    name: 'the enrollment',
    fedBy: /^\/enrollment\/[^/]+$/,
  }),
  page('consumer', ({ enrollmentId }) => `/enroll/${enrollmentId}?step=services`, 'Become a provider', catalog),
  page('consumer', ({ enrollmentId }) => `/enroll/${enrollmentId}?step=hours`, 'Become a provider'),
  page('consumer', ({ enrollmentId }) => `/enroll/${enrollmentId}?step=portfolio`, 'Become a provider', catalog),
  page('consumer', ({ enrollmentId }) => `/enroll/${enrollmentId}?step=summary`, 'Become a provider'),

  page('provider', '/work', 'Leads', { name: 'leads', fedBy: /^\/providers\/leads$/ }),
  page(
    'provider',
    ({ leadId }) => `/work/leads/${leadId}`,
    'Lead',
    { name: 'the lead', fedBy: /^\/requests\/[^/]+\/view$/ },
    services,
    hours,
    templates,
    freeTimes,
  ),
  page('provider', ({ requestId }) => `/work/leads/${requestId}`, 'Lead', {
    name: 'the offer',
    fedBy: /^\/offers\/[^/]+$/,
  }),
  page('provider', '/work/offers', 'Offers', { name: 'offers', fedBy: /^\/offers$/ }, ownProvider),
  page('provider', '/work/bookings', 'Bookings', { name: 'bookings', fedBy: /^\/bookings$/ }),
  page('provider', '/work/calendar', 'Calendar', hours, freeTimes),
  page('provider', '/work/calendar?tab=hours', 'Calendar', hours),
  page('provider', '/work/services', 'Services', services, catalog),
  page('provider', '/work/portfolio', 'Portfolio', portfolio),
  page('provider', '/work/profile', 'Business profile', {
    name: 'the profile',
    fedBy: /^\/providers\/[^/]+\/profile$/,
  }),
  page('provider', '/work/profile?tab=agent', 'Business profile', {
    name: 'settings',
    fedBy: /^\/providers\/[^/]+\/settings$/,
  }),
  page('provider', '/work/profile?tab=templates', 'Business profile', templates),
  page('provider', '/work/numbers', 'Numbers', { name: 'numbers', fedBy: /^\/providers\/[^/]+\/stats$/ }),
  page('provider', '/work/numbers?tab=reviews', 'Numbers', reviews),

  page('admin', '/admin/enrollments', 'Enrollments', { name: 'enrollments', fedBy: /^\/enrollment$/ }),
  page('admin', '/admin/tasks', 'Tasks', { name: 'tasks', fedBy: /^\/admin\/tasks$/ }),
  page('admin', ({ taskId }) => `/admin/tasks/${taskId}`, 'Task', {
    name: 'the task',
    fedBy: /^\/admin\/tasks\/[^/]+$/,
  }),
  page('admin', '/admin/spend', 'Spend', { name: 'usage', fedBy: /^\/usage$/ }),
  page('admin', '/admin/audit', 'Audit', { name: 'the log', fedBy: /^\/admin\/audit$/ }),
  page(
    'admin',
    ({ consumer, provider }) => `/admin/accounts?user=${consumer.id}&provider=${provider.providerId}`,
    'Accounts',
    { name: 'the user', fedBy: /^\/consumers\/[^/]+\/profile$/ },
    { name: 'the provider', fedBy: /^\/providers\/[^/]+\/profile$/ },
  ),
];
