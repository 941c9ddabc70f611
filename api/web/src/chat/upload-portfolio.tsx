import { useRef } from 'react';
import { ACCEPTED_IMAGES } from '../api/media';
import { Button } from '../ui/button';
import { Card } from '../ui/card';

/** Asks for photos of one's work; they go into the composer, to be sent from there. */
export function UploadPortfolio({ onPhotos }: { onPhotos: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Card className="grid justify-items-start gap-3">
      <p>Photos of your work help people choose you. Add them below and send them, with a word on what they show.</p>
      <Button look="plain" icon="photo" onClick={() => input.current?.click()}>
        Add photos of your work
      </Button>
      <input
        ref={input}
        type="file"
        aria-label="Photos of your work"
        accept={ACCEPTED_IMAGES}
        multiple
        hidden
        onChange={(event) => {
          onPhotos([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </Card>
  );
}
