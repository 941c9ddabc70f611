import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { useWho } from '../auth/who';
import { Boundary } from '../ui/boundary';
import { Button } from '../ui/button';
import { Failure } from '../ui/failure';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { Composer } from './composer';
import { ConversationContext } from './conversation-context';
import { ConversationTop } from './conversation-top';
import { titleOf } from './conversations';
import { EmptyConversation } from './empty-conversation';
import { EnrollmentDoor } from './enrollment-door';
import { contextWords, readLinked } from './linked';
import { MessageList } from './message-list';
import { ReadFailure } from './read-failure';
import { activeTasks, shownOf } from './transcript';
import type { Media } from './transcript';
import { TroubleNotice } from './trouble-notice';
import type { OpenConversation } from './use-conversation';
import { usePhotos } from './use-photos';
import { useStayAtEnd } from './use-stay-at-end';
import { useTyped } from './use-typed';

/** A conversation: what was said, and where one says more. */
export function ConversationView({ conversation, state, said, isDraftChanged }: OpenConversation) {
  const { transcript, waiting, trouble, failure } = state;
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const linked = readLinked(params);
  const [isAbout, setAbout] = useState(true);
  const [typed, setTyped] = useTyped(conversation.sessionId, conversation.who, linked.text);
  const uploads = usePhotos((photo) => setTyped((before) => ({ ...before, photos: [...before.photos, photo] })));
  const { status, role } = useWho();
  const { reset } = useQueryErrorResetBoundary();

  const shown = shownOf(transcript, waiting);
  const ids = [...shown.messages, ...shown.sent, ...shown.waiting].map(({ id }) => id);
  const lastId = shown.answers.at(-1)?.taskId ?? ids.at(-1) ?? null;
  const { content, hasNews, toEnd } = useStayAtEnd(shown.messages[0]?.id ?? null, lastId);

  const isNew = conversation.sessionId === null;
  const enrolls = isNew && linked.role === 'enrollment';
  const context = isAbout ? linked.context : null;

  function say(text: string, photos = typed.photos): void {
    conversation.say({
      text,
      photos,
      ...(context !== null && { context }),
      ...(enrolls && { role: 'enrollment' as const }),
    });
    toEnd();
    // What a link brought along is said.
    if (!isNew && params.size > 0) void navigate(pathname, { replace: true, preventScrollReset: true });
  }
  function send(): void {
    say(typed.text.trim());
    setTyped(() => ({ text: '', photos: [] }));
  }
  function write(text: string, photos: readonly Media[] = []): void {
    setTyped((before) => ({
      text: [before.text.trim(), text].filter((part) => part !== '').join('\n\n'),
      photos: [...before.photos, ...photos.filter(({ id }) => before.photos.every((photo) => photo.id !== id))],
    }));
  }

  if (enrolls && (status === 'guest' || role === 'provider')) return <EnrollmentDoor isGuest={status === 'guest'} />;
  const isLoading = !isNew && transcript.session === null && ids.length === 0;
  const title = transcript.session === null ? 'New conversation' : titleOf(transcript.session);
  return (
    // Dropping is one more way to add photos; the composer has buttons for it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={content}
      aria-label="Conversation"
      className="page-fill mx-auto flex w-full max-w-3xl min-w-0 flex-col px-4 [overflow-anchor:none]"
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault();
      }}
      onDrop={(event) => {
        // Text that is dropped goes where it is dropped.
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        uploads.add([...event.dataTransfer.files]);
      }}
    >
      <PageHeading title={title} hidden quiet />
      <ConversationTop session={transcript.session} />
      {/* From the top, so that what comes below moves nothing. It fails alone: one can still say more. */}
      <div className="flex flex-1 flex-col py-4">
        {isLoading && failure !== null ? (
          <ReadFailure error={failure} onRetry={() => conversation.refresh()} />
        ) : isLoading ? (
          <MessagesSkeleton />
        ) : ids.length === 0 && isNew ? (
          <EmptyConversation role={enrolls ? 'enrollment' : role} onPick={write} />
        ) : (
          <Boundary
            resetKey={lastId ?? ''}
            onReset={reset}
            fallback={(error, again) => <Failure error={error} onRetry={again} minHeight={240} />}
          >
            <ConversationContext value={conversation}>
              <MessageList
                conversation={conversation}
                transcript={transcript}
                shown={shown}
                isDraftChanged={isDraftChanged}
                onSay={(text) => say(text, [])}
                onWrite={write}
                onPhotos={uploads.add}
              />
            </ConversationContext>
          </Boundary>
        )}
      </div>
      <p role="status" className="sr-only">
        {activeTasks(transcript).length > 0 && 'Proxie is thinking.'}
      </p>
      <p role="status" className="sr-only">
        {/* By its task, so that the same answer to the next question is read out as well. */}
        {said !== null && <span key={said.taskId}>{said.text}</span>}
      </p>
      <div className="sticky bottom-(--bar) z-10 grid gap-2 bg-ground pt-1 pb-3">
        {hasNews && (
          <Button look="plain" size="small" icon="down" className="justify-self-center shadow-md" onClick={toEnd}>
            New messages
          </Button>
        )}
        <TroubleNotice trouble={waiting.length > 0 ? trouble : null} />
        <Composer
          typed={typed}
          onType={(text) => setTyped((before) => ({ ...before, text }))}
          onRemovePhoto={(id) =>
            setTyped((before) => ({ ...before, photos: before.photos.filter((photo) => photo.id !== id) }))
          }
          uploads={uploads}
          about={context === null ? null : { words: contextWords(context), onRemove: () => setAbout(false) }}
          onSend={send}
        />
      </div>
    </section>
  );
}

function MessagesSkeleton() {
  return (
    <div className="grid gap-5">
      <p role="status" className="sr-only">
        Loading
      </p>
      <Skeleton className="h-16 w-3/5 justify-self-end rounded-card" />
      <Skeleton className="h-28 w-4/5 rounded-card" />
      <Skeleton className="h-12 w-2/5 justify-self-end rounded-card" />
      <Skeleton className="h-20 w-3/5 rounded-card" />
    </div>
  );
}
