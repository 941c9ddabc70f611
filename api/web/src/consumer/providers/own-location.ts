import { useState } from 'react';
import type { View } from '../../api/client';

interface OwnLocation {
  locate: () => void;
  locating: boolean;
  /** Why it is not known. */
  failure: string | null;
}

/** Asks the browser where somebody is. */
export function useOwnLocation(onFound: (spot: View<'Location'>) => void): OwnLocation {
  const [locating, setLocating] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  function locate() {
    if (!('geolocation' in navigator)) {
      setFailure('This browser cannot tell where you are. Name a city instead.');
      return;
    }
    setLocating(true);
    setFailure(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        setLocating(false);
        onFound({ latitude, longitude });
      },
      () => {
        setLocating(false);
        setFailure('Your browser did not tell where you are. Allow it, or name a city instead.');
      },
      { timeout: 15_000, maximumAge: 600_000 },
    );
  }

  return { locate, locating, failure };
}
