import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useConfig } from '../api/config';
import { useWho } from '../auth/who';
import { startLive } from './live';

/** Keeps the one connection of this tab over which the server tells of news, while somebody is signed in. Shows nothing. */
export function LiveConnection() {
  const queries = useQueryClient();
  const { realtimeUrl } = useConfig();
  const { user } = useWho();
  const userId = user?.id ?? null;
  useEffect(
    () => (userId === null || realtimeUrl === null ? undefined : startLive(realtimeUrl, queries)),
    [userId, realtimeUrl, queries],
  );
  return null;
}
