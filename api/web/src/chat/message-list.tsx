import { useState } from 'react';
import { Button } from '../ui/button';
import { soon } from '../ui/late';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { toastFailure } from '../ui/toast';
import { AnswerView } from './answer-view';
import type { Conversation } from './conversation';
import { AssistantMessage, UserMessage } from './message';
import { drop, sayAgain } from './outbox';
import type { Action, Entry } from './outbox';
import type { Draft, Media, Message, Shown, Transcript } from './transcript';
import { Unanswered } from './unanswered';
import { Unsent } from './unsent';

const DraftCard = soon(() => import('./draft-card'));
const NextStep = soon(() => import('./next-step'));

interface MessageListProps {
  conversation: Conversation;
  transcript: Transcript;
  shown: Shown & { waiting: readonly Entry[] };
  isDraftChanged: boolean;
  /** Says something at once. */
  onSay: (text: string) => void;
  /** Puts something into the composer. */
  onWrite: (text: string, photos: readonly Media[]) => void;
  onPhotos: (files: readonly File[]) => void;
}

/** What was said, the answers on their way, and what the open draft waits for. */
export function MessageList(props: MessageListProps) {
  const { conversation, transcript, shown, isDraftChanged, onSay, onWrite, onPhotos } = props;
  const { openDraft } = transcript;
  const isBusy = shown.answers.length > 0 || shown.sent.length > 0 || shown.waiting.some(isUnrefused);
  const last = shown.messages.at(-1);
  const place = openDraft === null ? undefined : placeOf(openDraft, shown.messages);

  const card = openDraft !== null && (
    <Panel resetKey={`${openDraft.id} ${openDraft.version}`} skeleton={<Skeleton className="h-80 rounded-card" />}>
      <DraftCard
        draft={openDraft}
        sessionId={conversation.sessionId}
        isBusy={isBusy}
        isChanged={isDraftChanged}
        onPress={(kind) => conversation.say({ text: '', action: buttonOf(openDraft, kind) })}
      />
    </Panel>
  );
  return (
    <div className="flex flex-col gap-5">
      <EarlierButton conversation={conversation} transcript={transcript} />
      <ol aria-label="Messages" className="grid gap-5">
        {shown.messages.map((message) => (
          <li key={message.id} className="grid min-w-0 gap-3">
            {message.role === 'user' ? (
              <UserMessage
                id={message.id}
                said={message}
                at={message.created_at}
                clientId={message.client_message_id}
                onWrite={onWrite}
              >
                {(message.status === 'failed' || message.status === 'cancelled') && message.task_id != null && (
                  <Unanswered conversation={conversation} taskId={message.task_id} status={message.status} />
                )}
              </UserMessage>
            ) : (
              <AssistantMessage message={message} isOpenDraft={message.draft?.id === openDraft?.id} />
            )}
            {message === place && card}
          </li>
        ))}
        {[...shown.sent, ...shown.waiting].map((said) => (
          <li key={said.id} className="grid">
            <UserMessage said={said} clientId={said.id} onWrite={onWrite}>
              {'refusal' in said && (
                <Unsent
                  entry={said}
                  onAgain={() => sayAgain(said, conversation.who)}
                  onRemove={() => {
                    drop(said.id);
                    onWrite(said.text, said.photos);
                  }}
                />
              )}
            </UserMessage>
          </li>
        ))}
        {shown.answers.map((answer, at) => (
          <li key={answer.taskId} className="grid min-w-0">
            <AnswerView answer={answer} isNext={at === 0} onStop={() => conversation.cancel(answer.taskId)} />
          </li>
        ))}
      </ol>
      {place === undefined && card}
      {!isBusy && last?.role === 'assistant' && last.task_id != null && (
        <Panel resetKey={last.id} skeleton={null}>
          <NextStep
            taskId={last.task_id}
            data={last.data ?? null}
            draft={openDraft}
            onSay={onSay}
            onPhotos={onPhotos}
            sessionId={conversation.sessionId}
          />
        </Panel>
      )}
    </div>
  );
}

function EarlierButton({ conversation, transcript }: Pick<MessageListProps, 'conversation' | 'transcript'>) {
  const [isBusy, setBusy] = useState(false);
  if (transcript.earlier === null) return null;
  async function load() {
    setBusy(true);
    await conversation.loadEarlier().catch(toastFailure);
    setBusy(false);
  }
  return (
    <Button look="quiet" size="small" className="self-center" busy={isBusy} onClick={() => void load()}>
      Earlier messages
    </Button>
  );
}

/** The last message that showed a draft as it is; without one it stands at the end. */
function placeOf(draft: Draft, messages: readonly Message[]): Message | undefined {
  return messages.findLast(({ draft: shown }) => shown?.id === draft.id && shown.version === draft.version);
}

function buttonOf({ id, version }: Draft, kind: Action['kind']): Action {
  return { kind, draft_id: id, draft_version: version };
}

function isUnrefused({ refusal }: Entry): boolean {
  return refusal === null;
}
