import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';

export type Session = View<'SessionView'>;

/** The conversations of who sits here, the newest first. */
export function useConversations() {
  return usePages({
    queryKey: keys.sessions.list(),
    fetchPage: (page, signal) => call(client.GET('/chat/sessions', { params: { query: page }, signal })),
  });
}

export function titleOf({ title }: Pick<Session, 'title'>): string {
  return title ?? 'Conversation';
}

const roles: Record<Session['role'], string> = {
  guest: 'Looking for somebody',
  consumer: 'Looking for somebody',
  provider: 'Your business',
  enrollment: 'Becoming a provider',
};

/** What a conversation is for. */
export function roleWords(role: Session['role']): string {
  return roles[role];
}
