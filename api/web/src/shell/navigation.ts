import type { Who } from '../auth/who';
import type { IconName } from '../ui/icons';

export interface Place {
  to: string;
  label: string;
  icon: IconName;
  /** Current only at this very address, not below it. */
  exact?: boolean;
}

const chat: Place = { to: '/', label: 'Chat', icon: 'chat', exact: true };
const conversations: Place = { to: '/chats', label: 'Conversations', icon: 'list' };
const providers: Place = { to: '/providers', label: 'Providers', icon: 'search' };
const requests: Place = { to: '/requests', label: 'Requests', icon: 'tag' };
const bookings: Place = { to: '/bookings', label: 'Bookings', icon: 'calendar' };
const profile: Place = { to: '/profile', label: 'You and your account', icon: 'user' };

/** Where each role goes most, at most five: the bar of phones has no more room. */
const main: Record<Who['role'], readonly Place[]> = {
  guest: [chat, conversations, providers],
  consumer: [chat, requests, bookings, providers],
  provider: [
    { to: '/work', label: 'Leads', icon: 'sparkle', exact: true },
    { to: '/work/offers', label: 'Offers', icon: 'money' },
    { to: '/work/bookings', label: 'Bookings', icon: 'briefcase' },
    { to: '/work/calendar', label: 'Calendar', icon: 'calendar' },
    chat,
  ],
  admin: [
    { to: '/admin/enrollments', label: 'Enrollments', icon: 'shield' },
    { to: '/admin/tasks', label: 'Tasks', icon: 'list' },
    { to: '/admin/spend', label: 'Spend', icon: 'chart' },
    { to: '/admin/audit', label: 'Audit', icon: 'search' },
    chat,
  ],
};

/** Everywhere else, in the menu of the account. */
const more: Record<Who['role'], readonly Place[]> = {
  guest: [],
  consumer: [conversations, profile, { to: '/enroll', label: 'Offer your services', icon: 'briefcase' }],
  provider: [
    { to: '/work/services', label: 'Services', icon: 'tag' },
    { to: '/work/portfolio', label: 'Portfolio', icon: 'photo' },
    { to: '/work/profile', label: 'Business profile', icon: 'briefcase' },
    { to: '/work/numbers', label: 'Numbers', icon: 'chart' },
    conversations,
    { ...requests, label: 'What you asked for' },
    { ...bookings, label: 'What you booked' },
    providers,
    profile,
  ],
  admin: [
    { to: '/admin/accounts', label: 'Accounts', icon: 'user' },
    conversations,
    requests,
    bookings,
    providers,
    profile,
  ],
};

export function placesOf(role: Who['role']): { main: readonly Place[]; more: readonly Place[] } {
  return { main: main[role], more: more[role] };
}
