import { useEffect, useId, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { ACCEPTED_IMAGES } from '../api/media';
import type { Uploads } from '../media/use-uploads';
import { Button, IconButton } from '../ui/button';
import { Icon } from '../ui/icons';
import { PhotoTray } from './photo-tray';
import type { Typed } from './typed';
import { MOST_PHOTOS } from './use-photos';

/** How long a message may be. */
const MOST_CHARACTERS = 8_000;
/** From here on it is told how much is left. */
const COUNTED_FROM = 7_000;

interface ComposerProps {
  typed: Typed;
  onType: (text: string) => void;
  onRemovePhoto: (id: string) => void;
  uploads: Uploads;
  /** What the next message is about, by the link that led here. */
  about: { words: string; onRemove: () => void } | null;
  onSend: () => void;
}

/** Where one says something: Enter sends, Shift and Enter begin a new line; photos come by file, camera, paste and drop. */
export function Composer({ typed, onType, onRemovePhoto, uploads, about, onSend }: ComposerProps) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // A keyboard on the screen is in the way until somebody wants it.
    if (window.matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, []);

  const length = Array.from(typed.text.trim()).length;
  const obstacle = obstacleOf(length, typed, uploads);
  const isEmpty = length === 0 && typed.photos.length === 0;
  const canSend = obstacle === null && !isEmpty;

  function send(): void {
    if (!canSend) return;
    onSend();
    field.current?.focus({ preventScroll: true });
  }
  function onKeyDown(event: KeyboardEvent): void {
    // While characters are put together (Chinese, Japanese …) Enter ends that.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      aria-label="Message"
      className="grid gap-2 rounded-card border border-line-strong bg-surface p-2 focus-within:border-accent"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {about !== null && (
        <p className="flex items-center gap-1 pl-2 text-sm text-muted">
          <span>
            About <strong className="font-medium text-ink">{about.words}</strong>
          </span>
          <IconButton name="close" label={`Not about ${about.words}`} className="-my-2" onClick={about.onRemove} />
        </p>
      )}
      <PhotoTray photos={typed.photos} uploads={uploads} onRemove={onRemovePhoto} />
      <label htmlFor={id} className="sr-only">
        Your message
      </label>
      <textarea
        ref={field}
        id={id}
        rows={1}
        value={typed.text}
        placeholder="Tell Proxie what you need"
        aria-describedby={`${id}-said`}
        aria-invalid={length > MOST_CHARACTERS}
        className="field-sizing-content max-h-[40dvh] min-h-11 w-full resize-none bg-transparent px-2 py-2.5 outline-none placeholder:text-muted"
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          // A table that is copied comes as text, and as a picture of it.
          const isText = event.clipboardData.types.includes('text/plain');
          const files = [...event.clipboardData.files];
          if (isText || files.length === 0) return;
          event.preventDefault();
          uploads.add(files);
        }}
      />
      <div className="flex items-center gap-1">
        <FileButton name="attach" label="Add photos" onFiles={uploads.add} />
        <FileButton name="camera" label="Take a photo" camera onFiles={uploads.add} />
        <p id={`${id}-said`} role="status" className="min-w-0 flex-1 px-1 text-right text-sm text-muted">
          {obstacle ?? (length >= COUNTED_FROM ? `${MOST_CHARACTERS - length} characters left` : '')}
        </p>
        <Button type="submit" icon="send" disabled={!canSend}>
          Send
        </Button>
      </div>
    </form>
  );
}

/** Why what is written cannot be sent yet. */
function obstacleOf(length: number, { photos }: Typed, { items, isRunning }: Uploads): string | null {
  if (length > MOST_CHARACTERS) return `${length - MOST_CHARACTERS} characters too many: send it in parts.`;
  if (photos.length + items.length > MOST_PHOTOS) return `At most ${MOST_PHOTOS} photos in one message.`;
  if (items.some(({ failure }) => failure !== null)) return 'A photo was not uploaded: try it again or remove it.';
  return isRunning ? 'Uploading…' : null;
}

interface FileButtonProps {
  name: 'attach' | 'camera';
  label: string;
  /** Straight from the camera; only devices that are held have one at hand. */
  camera?: boolean;
  onFiles: (files: readonly File[]) => void;
}

function FileButton({ name, label, camera = false, onFiles }: FileButtonProps) {
  return (
    <label
      title={label}
      className={`${camera ? 'hidden pointer-coarse:inline-grid' : 'inline-grid'} size-11 shrink-0 cursor-pointer place-items-center rounded-full text-muted hover:bg-sunken hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent`}
    >
      <span className="sr-only">{label}</span>
      <Icon name={name} />
      <input
        type="file"
        accept={ACCEPTED_IMAGES}
        multiple={!camera}
        capture={camera ? 'environment' : undefined}
        className="sr-only"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
    </label>
  );
}
