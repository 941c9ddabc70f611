import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { keys } from '../api/keys';
import { isToldOfNews, onToldChange } from '../api/polling';
import { useWho } from '../auth/who';
import { onNews } from '../live/live';
import { plainText } from '../ui/plain-text';
import { textOf, beginAnswer, look } from './answer';
import { rememberBegun } from './begun';
import { Conversation } from './conversation';
import type { ConversationState } from './conversation';
import type { Task } from './task-events';
import { activeTasks } from './transcript';

/** How often it is looked for what was said from another device, while the server does not tell of it by itself. */
const LOOK_MS = 30_000;

/** What an effect of a task has changed, by how its name begins. */
const changedBy: readonly [string, readonly (readonly string[])[]][] = [
  ['request', [keys.requests.all]],
  ['offer', [keys.requests.all, keys.offers.all, keys.bookings.all, keys.leads.all]],
  ['booking', [keys.requests.all, keys.bookings.all, keys.providers.all]],
  ['reschedule', [keys.bookings.all, keys.providers.all]],
  ['no_show', [keys.bookings.all]],
  ['review', [keys.bookings.all, keys.providers.all]],
  ['enrollment', [keys.enrollments.all, keys.me]],
  ['availability', [keys.providers.all]],
  ['lead', [keys.leads.all]],
  ['profile', [keys.consumer.profile, keys.me]],
  ['memory', [keys.consumer.memory]],
];

/** An answer as it is read out. */
interface Spoken {
  taskId: string;
  text: string;
}

export interface OpenConversation {
  conversation: Conversation;
  state: ConversationState;
  /** What is to be read out: what was answered last. */
  said: Spoken | null;
  /** Whether a button was of a draft that is another by now. */
  isDraftChanged: boolean;
}

/** The conversation at this address; a new one without an id, which stays the same when it is given one. */
export function useConversation(sessionId: string | null, who: string): OpenConversation {
  const { key } = useLocation();
  const [opened, setOpened] = useState(() => ({ key, conversation: new Conversation(sessionId, who) }));
  const { conversation } = opened;
  const isHere = sessionId === null ? opened.key === key : conversation.sessionId === sessionId;
  if (!isHere || conversation.who !== who) setOpened({ key, conversation: new Conversation(sessionId, who) });

  const state = useSyncExternalStore(conversation.subscribe, conversation.read);
  const [said, setSaid] = useState<(Spoken & { conversation: Conversation }) | null>(null);
  const [changedDraft, setChangedDraft] = useState<Conversation | null>(null);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { reload } = useWho();

  const onBegun = useEffectEvent((id: string) => {
    rememberBegun(id);
    void navigate(`/chat/${id}`, { replace: true, preventScrollReset: true });
    void queries.invalidateQueries({ queryKey: keys.sessions.all });
  });
  const onEnded = useEffectEvent((task: Task) => {
    queries.setQueryData(keys.tasks.one(task.task_id), task);
    setSaid({ conversation, taskId: task.task_id, text: spoken(task) });
    setChangedDraft(null);
    const changed = task.effects.flatMap(({ kind }) => changedBy.find(([begin]) => kind.startsWith(begin))?.[1] ?? []);
    for (const queryKey of [keys.sessions.all, ...changed]) void queries.invalidateQueries({ queryKey });
    if (changed.includes(keys.me)) void reload();
  });
  useEffect(
    () =>
      conversation.start({
        onBegun: (id) => onBegun(id),
        onEnded: (task) => onEnded(task),
        onDraftChanged: () => setChangedDraft(conversation),
      }),
    [conversation],
  );
  useEffect(() => onNews((event) => conversation.hear(event)), [conversation]);
  useLooking(conversation, activeTasks(state.transcript).length === 0);
  const isSaidHere = said?.conversation === conversation;
  return { conversation, state, said: isSaidHere ? said : null, isDraftChanged: changedDraft === conversation };
}

/** What is read out when a task has ended: the answer, or why there is none. */
function spoken(task: Task): string {
  const text = textOf(look(beginAnswer(task.task_id), task));
  return text === '' ? (task.error?.detail ?? '') : plainText(text);
}

/** Looks for news when somebody comes back to the page, and now and then while nothing is awaited. */
function useLooking(conversation: Conversation, isIdle: boolean): void {
  const isTold = useSyncExternalStore(onToldChange, isToldOfNews);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') conversation.refresh();
    };
    const timer = isIdle && !isTold ? setInterval(look, LOOK_MS) : undefined;
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [conversation, isIdle, isTold]);
}
